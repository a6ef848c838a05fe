package prior.infer;

import java.util.List;
import java.util.Locale;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Loss of a model on held-out pairs, as a training run's validation has it. Losses of models with
 * another {@code prior.loss_type}, objective or image scale do not compare; the squared error does.
 *
 * @param loss mean over pairs, draws and elements, in the space diffusion works in
 * @param byTime the same within ten equal bands of timesteps; NaN where there is none
 * @param squaredError of the estimates of x_0 in the embeddings' own space, mean over elements
 */
public record HeldOutLoss(double loss, List<Double> byTime, double squaredError) {

  public HeldOutLoss {
    byTime = List.copyOf(byTime);
  }

  /** Computes it; training's code, which inference does not know. */
  @FunctionalInterface
  public interface Meter {
    /** The loss on the pairs of a file, folder or glob of Parquet. */
    HeldOutLoss of(TrainedPrior model, String input);
  }

  /** Lines of the table for the console. */
  public String table() {
    return String.format(
        Locale.ROOT,
        "  %-30s %8.4f   with fixed noise, as validation has it%n  %-30s %8.3g   of the estimates of the image%n",
        "loss",
        loss,
        "squared error",
        squaredError);
  }

  /** Lines of the table for the console, this model's as A. */
  public String beside(HeldOutLoss other) {
    return beside("loss", loss, other.loss)
        + beside("squared error", squaredError, other.squaredError);
  }

  private static String beside(String name, double mine, double theirs) {
    return String.format(
        Locale.ROOT,
        "  %-30s %8.3g %8.3g %+8.2g   no interval%n",
        name,
        mine,
        theirs,
        mine - theirs);
  }

  /** Adds it to an evaluation. */
  public void addTo(ObjectNode json) {
    json.put("loss", loss);
    ArrayNode bands = json.putArray("loss_by_time");
    byTime.forEach(band -> bands.add(Double.isNaN(band) ? null : band));
    json.put("squared_error", squaredError);
  }
}
