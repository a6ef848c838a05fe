package prior.checkpoint;

import java.util.Map;
import java.util.Objects;

/**
 * A checkpoint without its tensors.
 *
 * @param folder where it lies
 * @param config the effective settings as text
 * @param progress how far the run had come
 * @param facts CLIP name, scale, widths
 */
public record Description(
    Location folder, String config, Progress progress, Map<String, String> facts) {
  public Description {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(progress, "progress");
    facts = Map.copyOf(facts);
  }
}
