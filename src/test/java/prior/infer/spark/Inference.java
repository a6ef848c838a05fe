package prior.infer.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import prior.conf.Settings;
import prior.data.FloatFormat;
import prior.data.NpyWriter;
import prior.data.spark.LocalSpark;
import prior.infer.TrainedPrior;
import prior.model.NetworkShape;
import prior.model.ParameterLayout;
import prior.train.InitialWeights;
import prior.train.spark.SmallRuns;

/** Predictions of small models that were never trained. */
final class Inference {
  static final Path FIXTURES = Path.of("src/test/resources/data/parquet");

  private Inference() {}

  /** A model whose record says this of its data. */
  static TrainedPrior model(Map<String, String> facts, String... sets) {
    Settings settings = SmallRuns.settings(Path.of("none"), sets).settings();
    ParameterLayout layout = ParameterLayout.of(NetworkShape.of(settings.prior()));
    return new TrainedPrior(settings, InitialWeights.of(layout, 1), "model/ema", "hash", facts);
  }

  static TrainedPrior model(String... sets) {
    return model(Map.of(), sets);
  }

  static String run(TrainedPrior model, Object input, Path output, WriteMode mode) {
    InferRequest request = new InferRequest(input.toString(), output.toString(), null, mode);
    return PriorInference.run(LocalSpark.session(), model, request);
  }

  /** Predictions by a column; fails on a key that is there twice. */
  static Map<String, List<Float>> predicted(Path output, String key) {
    SparkSession spark = LocalSpark.session();
    Map<String, List<Float>> byKey = new TreeMap<>();
    for (Row row : rows(spark.read().parquet(output.toString()), key)) {
      List<Float> vector = row.getList(1);
      if (byKey.put(String.valueOf(row.get(0)), vector) != null) {
        throw new AssertionError("twice: " + row.get(0));
      }
    }
    return byKey;
  }

  /** Writes vectors as NumPy's float16. */
  static void npy(Path file, float[] numbers, int width) throws IOException {
    int rows = numbers.length / width;
    try (NpyWriter out =
        new NpyWriter(Files.newOutputStream(file), FloatFormat.FP16, rows, width)) {
      out.writeRows(numbers, rows);
    }
  }

  private static List<Row> rows(Dataset<Row> output, String key) {
    return output.select(key, "predicted_image_embedding").collectAsList();
  }
}
