package prior.infer.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import prior.checkpoint.PlainJson;
import prior.conf.EvalConf;
import prior.conf.InferConf;
import prior.data.DataFaults;
import prior.data.spark.PreparedFolder;
import prior.data.spark.SparkFailure;
import prior.data.spark.StagedFolder;
import prior.data.spark.TextFile;
import prior.infer.Bootstrap;
import prior.infer.Comparison;
import prior.infer.EvalReport;
import prior.infer.Evaluation;
import prior.infer.PairMeasures;
import prior.infer.Sweep;
import prior.infer.TrainedPrior;

/**
 * The work of {@code PriorEvalJob}: predicts held-out pairs and measures the predictions, beside
 * another model's and in several ways where that is asked for. Writes {@code evaluation.json},
 * {@code comparison.json}, {@code sweep.json}, and their tables in {@code evaluation.txt}.
 */
public final class PriorEvaluation {
  private final SparkSession spark;
  private final String input;
  private final TrainedPrior model;
  private final EvalConf eval;
  private final Bootstrap bootstrap;

  private PriorEvaluation(SparkSession spark, TrainedPrior model, String input) {
    this.spark = spark;
    this.input = input;
    this.model = model;
    this.eval = model.settings().eval();
    this.bootstrap = new Bootstrap(model.settings().infer().seed(), eval.bootstrapDraws());
  }

  /**
   * Evaluates a model.
   *
   * @param other the model it is compared with
   * @param input pairs; where they were prepared, the folder's statistics give the mean image
   * @return the tables
   */
  public static String run(
      SparkSession spark,
      TrainedPrior model,
      Optional<TrainedPrior> other,
      String input,
      String output,
      boolean overwrite) {
    try {
      return new PriorEvaluation(spark, model, input).run(other, output, overwrite);
    } catch (Exception e) { // Scala throws checked ones unannounced
      throw SparkFailure.cause(e);
    }
  }

  /** Evaluates a model alone. */
  public static String run(
      SparkSession spark, TrainedPrior model, String input, String output, boolean overwrite) {
    return run(spark, model, Optional.empty(), input, output, overwrite);
  }

  private String run(Optional<TrainedPrior> other, String output, boolean overwrite) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (StagedFolder folder = new StagedFolder(hadoop, output, overwrite);
        PredictedPairs pairs = new PredictedPairs(spark, model, input)) {
      Written written = new Written(folder.path().getFileSystem(hadoop), folder.path());
      InferConf infer = model.settings().infer();
      List<Evaluation.Row> rows = pairs.rows(infer, samples(infer));
      if (rows.size() < 2) {
        throw DataFaults.unreadable(input, "too few pairs to evaluate", "at least 2", rows.size());
      }
      float[] mean = PreparedFolder.meanImage(hadoop, input).orElseGet(() -> meanImage(rows));
      PairMeasures measures = Evaluation.measure(rows, mean);
      EvalReport report = measures.report(bootstrap);
      written.add("evaluation", report.json(), report.table());
      if (other.isPresent()) {
        Comparison comparison = compare(rows, measures, other.get(), mean);
        written.add("comparison", comparison.json(), comparison.table());
      }
      List<InferConf> ways = eval.sweep().of(infer);
      if (!ways.isEmpty()) {
        Sweep sweep = sweep(pairs, ways, mean);
        written.add("sweep", sweep.json(), sweep.table());
      }
      String tables = written.tables();
      folder.publish();
      return tables;
    } catch (IOException e) {
      throw DataFaults.storage("write", output, e);
    }
  }

  /** As many as are chosen from, and as many as tell diversity. */
  private int samples(InferConf infer) {
    return Math.max(infer.samplesPerText(), eval.diversitySamples());
  }

  private Comparison compare(
      List<Evaluation.Row> rows, PairMeasures measures, TrainedPrior other, float[] mean) {
    try (PredictedPairs pairs = new PredictedPairs(spark, other, input)) {
      InferConf infer = other.settings().infer();
      List<Evaluation.Row> theirs = pairs.rows(infer, samples(infer));
      for (int i = 0; i < Math.max(rows.size(), theirs.size()); i++) {
        if (i >= Math.min(rows.size(), theirs.size())
            || !Arrays.equals(rows.get(i).image(), theirs.get(i).image())) {
          throw DataFaults.unreadable(
              input,
              "the models take different pairs from it",
              "one data.columns.key and one eval.max_rows",
              "pair " + (i + 1) + " to differ");
        }
      }
      return new Comparison(
          model.id(), measures, other.id(), Evaluation.measure(theirs, mean), bootstrap);
    }
  }

  private Sweep sweep(PredictedPairs pairs, List<InferConf> ways, float[] mean) {
    List<Sweep.Point> points = new ArrayList<>();
    for (InferConf way : ways) {
      int samples = samples(way);
      long started = System.nanoTime();
      List<Evaluation.Row> rows = pairs.rows(way, samples);
      double seconds = (System.nanoTime() - started) / 1e9;
      // Samples that only diversity needs are no part of what this way costs.
      double rate = rows.size() * samples / (seconds * way.samplesPerText());
      points.add(new Sweep.Point(way, rate, Evaluation.measure(rows, mean).report(bootstrap)));
    }
    return new Sweep(points);
  }

  private static float[] meanImage(List<Evaluation.Row> rows) {
    float[] mean = new float[rows.get(0).image().length];
    for (Evaluation.Row row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row.image()[i] / rows.size();
      }
    }
    return mean;
  }

  /** The files of an evaluation. */
  private record Written(FileSystem fs, Path folder, List<String> shown) {
    Written(FileSystem fs, Path folder) {
      this(fs, folder, new ArrayList<>());
    }

    void add(String name, ObjectNode json, String table) throws IOException {
      String text = new String(PlainJson.bytes(json), StandardCharsets.UTF_8);
      TextFile.write(fs, new Path(folder, name + ".json"), text);
      shown.add(table);
    }

    String tables() throws IOException {
      String tables = String.join("\n", shown);
      TextFile.write(fs, new Path(folder, "evaluation.txt"), tables);
      return tables;
    }
  }
}
