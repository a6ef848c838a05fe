package prior.infer.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import prior.conf.EvalConf;
import prior.conf.InferConf;
import prior.conf.Settings;
import prior.data.DataFaults;
import prior.data.spark.PreparedFolder;
import prior.data.spark.SparkFailure;
import prior.data.spark.StagedFolder;
import prior.infer.Bootstrap;
import prior.infer.Comparison;
import prior.infer.EvalReport;
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
  private final EvalConf eval;
  private final Bootstrap bootstrap;

  private PriorEvaluation(SparkSession spark, EvalRequest request) {
    this.spark = spark;
    this.request = request;
    this.infer = request.model().settings().infer();
    this.eval = request.model().settings().eval();
    this.bootstrap = new Bootstrap(infer.seed(), eval.bootstrapDraws());
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

  private String run() {
    List<InferConf> ways = ways();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (StagedFolder folder = new StagedFolder(hadoop, request.output(), request.overwrite());
        PredictedPairs pairs = new PredictedPairs(spark, request.model(), request.input())) {
      EvaluationFiles files =
          new EvaluationFiles(folder.path().getFileSystem(hadoop), folder.path());
      List<Evaluation.Row> rows = pairs.rows(infer, samples(infer));
      if (rows.size() < 2) {
        throw DataFaults.unreadable(
            request.input(), "too few pairs to evaluate", "at least 2", rows.size());
      }
      float[] mean =
          PreparedFolder.meanImage(hadoop, request.input()).orElseGet(() -> meanImage(rows));
      PairMeasures measures = Evaluation.measure(rows, mean);
      HeldOutLoss loss = loss(request.model());
      alone(files, measures.report(bootstrap), loss);
      if (request.other() != null) {
        compared(files, compare(rows, measures, mean), loss);
      }
      if (!ways.isEmpty()) {
        Sweep sweep = sweep(pairs, ways, mean);
        files.add("sweep", sweep.json(), sweep.table());
      }
      String tables = files.tables();
      folder.publish();
      return tables;
    } catch (IOException e) {
      throw DataFaults.storage("write", request.output(), e);
    }
  }

  /** The ways to sweep; one that cannot be sampled is refused before any work. */
  private List<InferConf> ways() {
    Settings settings = request.model().settings();
    List<InferConf> ways =
        eval.sweep().of(infer).stream()
            .map(way -> way.withSteps(Predictor.steps(settings.prior(), way)))
            .toList();
    ways.forEach(way -> Predictor.check(settings.prior(), way.onePerText()));
    return ways;
  }

  /** As many as are chosen from, and as many as tell diversity. */
  private int samples(InferConf way) {
    return Math.max(way.samplesPerText(), eval.diversitySamples());
  }

  /** Null where it is not asked for. */
  private HeldOutLoss loss(TrainedPrior model) {
    return request.loss() == null ? null : request.loss().of(model, request.input());
  }

  private static void alone(EvaluationFiles files, EvalReport report, HeldOutLoss loss)
      throws IOException {
    ObjectNode json = report.json();
    if (loss != null) {
      loss.addTo(json);
    }
    files.add("evaluation", json, report.table() + (loss == null ? "" : loss.table()));
  }

  private void compared(EvaluationFiles files, Comparison comparison, HeldOutLoss mine)
      throws IOException {
    ObjectNode json = comparison.json();
    String table = comparison.table();
    if (mine != null) {
      HeldOutLoss theirs = loss(request.other());
      mine.addTo(json.putObject("model_loss"));
      theirs.addTo(json.putObject("other_loss"));
      table += mine.beside(theirs);
    }
    files.add("comparison", json, table);
  }

  private Comparison compare(List<Evaluation.Row> rows, PairMeasures measures, float[] mean) {
    TrainedPrior other = request.other();
    try (PredictedPairs pairs = new PredictedPairs(spark, other, request.input())) {
      InferConf way = other.settings().infer();
      List<Evaluation.Row> theirs = pairs.rows(way, samples(way));
      for (int i = 0; i < Math.max(rows.size(), theirs.size()); i++) {
        if (i >= Math.min(rows.size(), theirs.size())
            || !Arrays.equals(rows.get(i).image(), theirs.get(i).image())) {
          throw DataFaults.unreadable(
              request.input(),
              "the models take different pairs from it",
              "one data.columns.key and one eval.max_rows",
              "pair " + (i + 1) + " to differ");
        }
      }
      PairMeasures others = Evaluation.measure(theirs, mean);
      return new Comparison(named(request.model()), measures, named(other), others, bootstrap);
    }
  }

  /** The model and how it was sampled, which may make the whole difference. */
  private static String named(TrainedPrior model) {
    InferConf way = model.settings().infer();
    return "%s, %d steps, guidance %s, %d candidates"
        .formatted(
            model.id(),
            Predictor.steps(model.settings().prior(), way),
            way.textScale(),
            way.samplesPerText());
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
}
