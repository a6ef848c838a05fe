package prior.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A run's whole state at the end of a round.
 *
 * @param model the online weights, under the reference's names
 * @param ema their moving average, if the run keeps one
 * @param optimizer the updater's state, if the run can be resumed
 * @param config the effective settings as text
 * @param progress how far the run has come
 * @param facts what the weights depend on and are compared with at start: CLIP name, scale, widths
 */
public record Checkpoint(
    List<Tensor> model,
    Optional<List<Tensor>> ema,
    Optional<List<Tensor>> optimizer,
    String config,
    Progress progress,
    Map<String, String> facts) {
  public Checkpoint {
    model = List.copyOf(model);
    ema = ema.map(List::copyOf);
    optimizer = optimizer.map(List::copyOf);
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(progress, "progress");
    facts = Map.copyOf(facts);
  }
}
