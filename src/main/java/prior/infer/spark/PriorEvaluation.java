package prior.infer.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import prior.conf.InferConf;
import prior.conf.Settings;
import prior.data.DataFaults;
import prior.data.spark.PreparedFolder;
import prior.data.spark.SparkFailure;
import prior.data.spark.StagedFolder;
import prior.infer.Bootstrap;
import prior.infer.Comparison;
import prior.infer.Evaluation;
import prior.infer.HeldOutLoss;
import prior.infer.PairMeasures;
import prior.infer.Predictor;
import prior.infer.Sweep;
import prior.infer.TrainedPrior;

/**
 * The work of {@code PriorEvalJob}: predicts held-out pairs and measures the predictions, beside
 * another model's and in several ways where that is asked for. Writes {@code evaluation.json},
 * {@code comparison.json}, {@code sweep.json}, and their tables in {@code evaluation.txt}.
 */
public final class PriorEvaluation {
  private final SparkSession spark;
  private final EvalRequest request;
  private final InferConf infer;
  private final Bootstrap bootstrap;

  private PriorEvaluation(SparkSession spark, EvalRequest request) {
    this.spark = spark;
    this.request = request;
    this.infer = request.model().settings().infer();
    this.bootstrap =
        new Bootstrap(infer.seed(), request.model().settings().eval().bootstrapDraws());
  }

  /**
   * Evaluates a model.
   *
   * @return the tables
   */
  public static String run(SparkSession spark, EvalRequest request) {
    try {
      return new PriorEvaluation(spark, request).run();
    } catch (Exception e) { // Scala throws checked ones unannounced
      throw SparkFailure.cause(e);
    }
  }

  /** Evaluates the predictions of a model alone. */
  public static String run(
      SparkSession spark, TrainedPrior model, String input, String output, boolean overwrite) {
    return run(spark, new EvalRequest(model, null, null, input, output, overwrite));
  }

  private String run() {
    List<InferConf> ways = ways();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (StagedFolder folder = new StagedFolder(hadoop, request.output(), request.overwrite())) {
      EvaluationFiles files =
          new EvaluationFiles(folder.path().getFileSystem(hadoop), folder.path());
      SideBySide models = alone(files, ways, PreparedFolder.meanImage(hadoop, request.input()));
      if (request.other() != null) {
        models.with(request.other(), files);
      }
      String tables = files.tables();
      folder.publish();
      return tables;
    } catch (IOException e) {
      throw DataFaults.storage("write", request.output(), e);
    }
  }

  /**
   * Evaluates the model and sweeps. Its pairs are let go before those of another model are taken,
   * which Spark would hold for the same.
   *
   * @return what another model can be compared with
   */
  private SideBySide alone(EvaluationFiles files, List<InferConf> ways, Optional<float[]> meanImage)
      throws IOException {
    try (PredictedPairs pairs = new PredictedPairs(spark, request.model(), request.input())) {
      List<Evaluation.Row> rows = pairs.rows(infer, request.samples(infer));
      if (rows.size() < 2) {
        throw DataFaults.unreadable(
            request.input(), "too few pairs to evaluate", "at least 2", rows.size());
      }
      float[] mean = meanImage.orElseGet(() -> Evaluation.meanImage(rows));
      PairMeasures measures = Evaluation.measure(rows, mean);
      HeldOutLoss loss = request.lossOf(request.model());
      files.add("evaluation", measures.report(bootstrap), loss);
      if (!ways.isEmpty()) {
        Sweep sweep = sweep(pairs, ways, mean, measures);
        files.add("sweep", sweep.json(), sweep.table());
      }
      return new SideBySide(spark, request, rows, measures, loss, mean, bootstrap);
    }
  }

  /** The ways to sweep; one that cannot be sampled is refused before any work. */
  private List<InferConf> ways() {
    Settings settings = request.model().settings();
    List<InferConf> ways =
        settings.eval().sweep().of(infer).stream()
            .map(way -> way.withSteps(Predictor.steps(settings.prior(), way)))
            .toList();
    ways.forEach(way -> Predictor.check(settings.prior(), way.onePerText()));
    return ways;
  }

  private Sweep sweep(
      PredictedPairs pairs, List<InferConf> ways, float[] mean, PairMeasures plain) {
    List<Sweep.Point> points = new ArrayList<>();
    for (InferConf way : ways) {
      int samples = request.samples(way);
      long started = System.nanoTime();
      List<Evaluation.Row> rows = pairs.rows(way, samples);
      double seconds = (System.nanoTime() - started) / 1e9;
      // Samples that only diversity needs are no part of what this way costs.
      double rate = rows.size() * samples / (seconds * way.samplesPerText());
      PairMeasures measures = Evaluation.measure(rows, mean);
      Comparison gain = new Comparison("this way", measures, "infer", plain, bootstrap);
      points.add(new Sweep.Point(way, rate, measures.report(bootstrap), gain));
    }
    return new Sweep(points);
  }
}
