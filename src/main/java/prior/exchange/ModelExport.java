package prior.exchange;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Description;
import prior.checkpoint.Location;
import prior.checkpoint.PlainJson;
import prior.checkpoint.Precision;
import prior.checkpoint.SafetensorsWriter;
import prior.checkpoint.StateDict;
import prior.checkpoint.Tensor;
import prior.checkpoint.Weights;
import prior.checkpoint.WholeFolder;
import prior.conf.AttributeConf;
import prior.conf.ConfLoader;
import prior.conf.Family;
import prior.conf.ImageScale;
import prior.conf.NetConf;
import prior.conf.PriorConf;
import prior.conf.RecordWords;
import prior.conf.TextPadding;
import prior.fault.UserFault;

/** Writes a checkpoint's weights and settings as PyTorch's libraries have them. */
public final class ModelExport {
  private ModelExport() {}

  /**
   * What to export.
   *
   * @param model a run or a checkpoint's folder
   * @param weights which of its weights; empty for the moving average, where there is one
   * @param output a folder that must not exist
   */
  public record Request(
      Format format,
      Location model,
      Optional<Weights> weights,
      Precision precision,
      Location output) {}

  /**
   * Exports.
   *
   * @return what was done, in one sentence
   * @throws UserFault where the layout cannot hold the model; nothing is written then
   */
  public static String run(Request request) {
    WholeFolder.refuseExisting(request.output());
    Description found = CheckpointStore.describe(request.model());
    PriorConf prior = settings(found);
    Map<String, ObjectNode> configs = configs(request.format(), prior, found.facts());
    Weights which = request.weights().orElseGet(() -> CheckpointStore.preferred(found.folder()));
    List<Tensor> tensors = CheckpointStore.weights(found.folder(), which);
    Set<String> buffers =
        new StateDict(prior).buffers().stream().map(Tensor::name).collect(Collectors.toSet());
    Function<Tensor, Precision> precision =
        tensor -> precision(request.precision(), tensor, buffers);
    WholeFolder.write(
        request.output(),
        folder -> {
          writeTensors(folder.child(tensorFile(request.format())), tensors, precision);
          writeConfigs(folder, configs);
        });
    return String.format(
        Locale.ROOT,
        "exported the %s weights of %s, %,d tensors, to %s",
        which.name().toLowerCase(Locale.ROOT),
        found.folder(),
        tensors.size(),
        request.output());
  }

  /** What DALLE2-pytorch's layout has no place for, all of it at once. */
  private static void requirePlain(PriorConf prior) {
    NetConf net = prior.net();
    Map<String, Object> own = new LinkedHashMap<>();
    if (!prior.attributes().isEmpty()) {
      own.put(
          "prior.net.attributes", prior.attributes().stream().map(AttributeConf::name).toList());
    }
    if (net.textDim() != net.dim()) {
      own.put("prior.net.text_embed_width", net.textDim());
    }
    if (net.encodingDim() != net.dim()) {
      own.put("prior.net.text_width", net.encodingDim());
    }
    if (net.imageDim() != net.dim()) {
      own.put("prior.net.image_width", net.imageDim());
    }
    if (net.textPadding() != TextPadding.NULL_ROWS) {
      own.put("prior.net.text_padding", RecordWords.of(net).get("text_padding"));
    }
    if (prior.imageScale() != ImageScale.SQRT_DIM) {
      own.put("prior.image_scale", RecordWords.of(prior).get("image_scale"));
    }
    if (!own.isEmpty()) {
      throw UserFault.usage(
          "Cannot export: expected a model that DALLE2-pytorch's layout holds (texts and images of"
              + " the width prior.net.dim, one factor as scale), found "
              + own);
    }
  }

  private static PriorConf settings(Description found) {
    ConfLoader.Source config = new ConfLoader.Source("the model's config", found.config());
    return ConfLoader.load(List.of(config), List.of()).settings().prior();
  }

  private static Map<String, ObjectNode> configs(
      Format format, PriorConf prior, Map<String, String> facts) {
    return switch (format) {
      case DALLE2 -> {
        require(Family.DALLE2, format, prior);
        requirePlain(prior);
        yield Map.of("config.json", Dalle2.config(prior, facts));
      }
      case DIFFUSERS -> {
        require(Family.UNCLIP, format, prior);
        yield Diffusers.configs(prior, facts);
      }
    };
  }

  private static void require(Family expected, Format format, PriorConf prior) {
    if (prior.family() != expected) {
      throw UserFault.usage(
          "Cannot export to "
              + format
              + ": expected a model of prior.family "
              + expected.name().toLowerCase(Locale.ROOT)
              + ", found "
              + prior.family().name().toLowerCase(Locale.ROOT));
    }
  }

  private static String tensorFile(Format format) {
    return switch (format) {
      case DALLE2 -> "model.safetensors";
      case DIFFUSERS -> "diffusion_pytorch_model.safetensors";
    };
  }

  /** Buffers are tables to compute with: they are rounded only where that loses nothing. */
  private static Precision precision(Precision asked, Tensor tensor, Set<String> buffers) {
    return buffers.contains(tensor.name()) && !asked.keeps(tensor) ? Precision.FP32 : asked;
  }

  private static void writeTensors(
      Location file, List<Tensor> tensors, Function<Tensor, Precision> precision)
      throws IOException {
    file.write(out -> SafetensorsWriter.write(out, tensors, Map.of("format", "pt"), precision));
  }

  private static void writeConfigs(Location folder, Map<String, ObjectNode> configs)
      throws IOException {
    for (Map.Entry<String, ObjectNode> config : configs.entrySet()) {
      byte[] text = PlainJson.bytes(config.getValue());
      folder.child(config.getKey()).write(out -> out.write(text));
    }
  }
}
