package prior.infer;

import java.io.Serializable;
import prior.conf.Family;
import prior.fault.UserFault;

/**
 * The length that predicted embeddings are given ({@code infer.output_scale}).
 *
 * @param length null to leave them as they are sampled
 */
public record OutputLength(Double length) implements Serializable {

  /**
   * What a model's settings ask for.
   *
   * @throws UserFault where raw embeddings are asked for and nothing tells their length
   */
  public static OutputLength of(TrainedPrior model) {
    return switch (model.settings().infer().outputScale()) {
      case AS_TRAINED -> new OutputLength(null);
      case UNIT -> new OutputLength(1.0);
      case RAW_WITH_STATS -> raw(model);
    };
  }

  /** The unclip family's weights hold mean and deviation: what it samples is raw already. */
  private static OutputLength raw(TrainedPrior model) {
    if ("true".equals(model.facts().get(TrainedPrior.NORMALISED))) {
      throw refused("image embeddings that were not normalised", "normalised = true");
    }
    if (model.settings().prior().family() == Family.UNCLIP) {
      return new OutputLength(null);
    }
    String mean = model.facts().get(TrainedPrior.MEAN_IMAGE_NORM);
    if (mean == null) {
      throw refused("their mean length", "no " + TrainedPrior.MEAN_IMAGE_NORM);
    }
    return new OutputLength(Double.valueOf(mean));
  }

  private static UserFault refused(String expected, String found) {
    return UserFault.usage(
        ("Cannot predict raw embeddings (infer.output_scale = raw-with-stats): expected %s in the"
                + " model's facts.json, found %s; it is recorded when a model is trained on pairs that"
                + " prepare made of raw embeddings. infer.output_scale = unit and as-trained need"
                + " nothing")
            .formatted(expected, found));
  }

  /**
   * Gives each vector the length, in place; zero vectors stay.
   *
   * @param vectors {@code [n, dim]}
   */
  public float[] give(float[] vectors, int dim) {
    if (length == null) {
      return vectors;
    }
    for (int from = 0; from < vectors.length; from += dim) {
      double squares = 0;
      for (int i = from; i < from + dim; i++) {
        squares += (double) vectors[i] * vectors[i];
      }
      double factor = squares == 0 ? 1 : length / Math.sqrt(squares);
      for (int i = from; i < from + dim; i++) {
        vectors[i] = (float) (vectors[i] * factor);
      }
    }
    return vectors;
  }
}
