package prior.conf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import prior.fault.UserFault;

/**
 * Settings in the words of DALLE2-pytorch's configuration, the way back from {@code ReferenceKeys}.
 */
public final class ReferenceWords {
  /** Keys of ours that the reference has not, or has in other words. */
  private static final List<String> OURS =
      List.of(
          "family",
          "unclip",
          "objective",
          "sampling_clamp",
          "image_scale",
          "loss_weight",
          "min_snr_gamma",
          "p2_gamma",
          "p2_k");

  private static final List<String> OURS_OF_NET =
      List.of("attributes", "text_width", "text_embed_width", "image_width", "text_padding");

  private ReferenceWords() {}

  /**
   * The reference's {@code prior} group, with the sizes of images that its classes insist on.
   *
   * @throws UserFault where the reference has no words for what is set
   */
  public static Map<String, Object> of(PriorConf prior) {
    boolean predictsX0 = predictsX0(prior);
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("clip", null);
    words.putAll(RecordWords.of(prior));
    words.keySet().removeAll(OURS);
    Map<String, Object> net = RecordWords.of(prior.net());
    net.keySet().removeAll(OURS_OF_NET);
    words.put("net", net);
    words.put("predict_x_start", predictsX0);
    words.put("predict_v", prior.objective() == Objective.V);
    words.put("sampling_clamp_l2norm", prior.samplingClamp() == SamplingClamp.L2NORM);
    words.put("image_embed_dim", prior.imageDim());
    words.put("image_size", 224);
    words.put("image_channels", 3);
    return words;
  }

  /** Without {@code predict_x_start} the reference cuts to -1..1 and has no other clamp. */
  private static boolean predictsX0(PriorConf prior) {
    boolean range = prior.samplingClamp() == SamplingClamp.RANGE;
    boolean others = prior.samplingFinalClampL2norm() || prior.trainingClampL2norm();
    return switch (prior.objective()) {
      case X_START -> {
        refuseIf(range, prior, "none or l2norm");
        yield true;
      }
      case V -> {
        refuseIf(range && others, prior, "none, l2norm, or range and no other clamp");
        yield !range;
      }
      case NOISE -> {
        refuseIf(!range || others, prior, "range and no other clamp");
        yield false;
      }
    };
  }

  private static void refuseIf(boolean wrong, PriorConf prior, String expected) {
    if (wrong) {
      throw UserFault.usage(
          ("Cannot export to dalle2: with prior.objective %s expected prior.sampling_clamp %s,"
                  + " found %s, sampling_final_clamp_l2norm %s and training_clamp_l2norm %s")
              .formatted(
                  prior.objective(),
                  expected,
                  prior.samplingClamp(),
                  prior.samplingFinalClampL2norm(),
                  prior.trainingClampL2norm()));
    }
  }
}
