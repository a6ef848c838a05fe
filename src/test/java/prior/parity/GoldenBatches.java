package prior.parity;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import prior.conf.PriorConf;
import prior.data.WorkUnit;
import prior.model.Dalle2Shape;
import prior.model.ImageScaling;
import prior.model.NetworkShape;
import prior.train.BatchSpec;
import prior.train.CleanBatch;
import prior.train.Draws;
import prior.train.Noising;
import prior.train.spark.BatchLoader;
import prior.train.spark.LoadedBatch;

/**
 * The batches of a {@code train} or {@code param_average} run, by their index in the leading axes:
 * a loader whose path is that index, so that executors read them as they read real data.
 */
final class GoldenBatches implements BatchLoader, Serializable {
  private static final long serialVersionUID = 1;

  private final String folder;
  private final int run;
  private final int leadingAxes;
  private transient ReferenceCase golden;

  GoldenBatches(Path folder, int run, int leadingAxes) {
    this.folder = folder.toString();
    this.run = run;
    this.leadingAxes = leadingAxes;
  }

  @Override
  public LoadedBatch read(String text) {
    return LoadedBatch.whole(batch(BatchSpec.parse(text).slices().get(0).unit().rowGroup()));
  }

  /** A batch as a row group of its number. */
  BatchSpec spec(int index) {
    int rows = (int) batch(index).getFeatures(2).size(0);
    WorkUnit unit = new WorkUnit("golden", index, rows);
    return new BatchSpec(List.of(new BatchSpec.Slice(0, unit, 0, rows)));
  }

  MultiDataSet batch(int index) {
    if (golden == null) {
      golden = new ReferenceCase(Path.of(folder));
    }
    JsonNode args = golden.runs().path(run).path("args");
    PriorConf prior = golden.prior(golden.runs().path(run));
    int dim = prior.net().dim();
    float[] image = part("image_embed", index);
    int rows = image.length / dim;
    float[] encodings =
        prior.conditionOnTextEncodings()
            ? padded(has("text_encodings") ? part("text_encodings", index) : new float[0], rows)
            : null;
    CleanBatch clean = new CleanBatch(rows, part("text_embed", index), image, encodings);
    float[] times = part("times", index);
    int[] steps = new int[rows];
    for (int row = 0; row < rows; row++) {
      steps[row] = (int) times[row];
    }
    Draws draws =
        new Draws(
            part("noise", index),
            steps,
            mask("text_keep_mask", index, rows, prior.textDrop()),
            mask("image_keep_mask", index, rows, prior.imageDrop()),
            filled(rows, args.path("self_cond_pass").asBoolean() ? 1 : 0));
    return new Noising(prior, ImageScaling.of(prior, new float[0])).batch(clean, draws);
  }

  /** The reference draws no mask where nothing can be dropped. */
  private float[] mask(String role, int index, int rows, double drop) {
    return drop > 0 && has(role) ? part(role, index) : filled(rows, 1);
  }

  private static float[] filled(int rows, float value) {
    float[] values = new float[rows];
    Arrays.fill(values, value);
    return values;
  }

  private boolean has(String role) {
    return golden.runs().path(run).path("in").path(role).isTextual();
  }

  private float[] padded(float[] encodings, int rows) {
    Dalle2Shape shape = (Dalle2Shape) NetworkShape.of(golden.prior());
    int given = encodings.length / rows / shape.dim();
    float[] padded = new float[rows * shape.maxTextLen() * shape.dim()];
    int kept = Math.min(given, shape.maxTextLen()) * shape.dim();
    for (int row = 0; row < rows; row++) {
      System.arraycopy(
          encodings,
          row * given * shape.dim(),
          padded,
          row * shape.maxTextLen() * shape.dim(),
          kept);
    }
    return padded;
  }

  private float[] part(String role, int index) {
    JsonNode in = golden.runs().path(run).path("in");
    Tensors.T tensor = golden.tensor(in.path(role).asText());
    int parts = 1;
    for (int axis = 0; axis < leadingAxes; axis++) {
      parts *= (int) tensor.shape()[axis];
    }
    int length = tensor.values().length / parts;
    return Arrays.copyOfRange(tensor.floats(), index * length, (index + 1) * length);
  }
}
