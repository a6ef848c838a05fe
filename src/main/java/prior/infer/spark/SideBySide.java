package prior.infer.spark;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import prior.conf.InferConf;
import prior.data.DataFaults;
import prior.infer.Bootstrap;
import prior.infer.Comparison;
import prior.infer.Evaluation;
import prior.infer.HeldOutLoss;
import prior.infer.PairMeasures;
import prior.infer.Predictor;
import prior.infer.TrainedPrior;

/**
 * A model that was measured, for another to be compared with it on the same pairs.
 *
 * @param loss null where it is not asked for
 * @param meanImage the mean image embedding of the training pairs
 */
@SuppressWarnings("ArrayRecordComponent")
record SideBySide(
    SparkSession spark,
    EvalRequest request,
    List<Evaluation.Row> rows,
    PairMeasures measures,
    HeldOutLoss loss,
    float[] meanImage,
    Bootstrap bootstrap) {
  private static final int SHOWN_OF_DIGEST = 12;

  /** Measures the other model and writes the comparison. */
  void with(TrainedPrior other, EvaluationFiles files) throws IOException {
    Comparison comparison = compare(other);
    ObjectNode json = comparison.json();
    String table = comparison.table();
    if (loss != null) {
      HeldOutLoss theirs = request.lossOf(other);
      loss.addTo(json.putObject("model_loss"));
      theirs.addTo(json.putObject("other_loss"));
      table += loss.beside(theirs);
    }
    files.add("comparison", json, table);
  }

  private Comparison compare(TrainedPrior other) {
    try (PredictedPairs pairs = new PredictedPairs(spark, other, request.input())) {
      InferConf way = other.settings().infer();
      List<Evaluation.Row> theirs = pairs.rows(way, request.samples(way));
      checkSamePairs(theirs);
      PairMeasures others = Evaluation.measure(theirs, meanImage);
      return new Comparison(named(request.model()), measures, named(other), others, bootstrap);
    }
  }

  private void checkSamePairs(List<Evaluation.Row> theirs) {
    int both = Math.min(rows.size(), theirs.size());
    int same = 0;
    while (same < both && Arrays.equals(rows.get(same).image(), theirs.get(same).image())) {
      same++;
    }
    if (same < Math.max(rows.size(), theirs.size())) {
      throw DataFaults.unreadable(
          request.input(),
          "the models take different pairs from it",
          "one data.columns.key and one eval.max_rows",
          "pair " + (same + 1) + " to differ");
    }
  }

  /** The model and how it was sampled, which may make the whole difference. */
  private static String named(TrainedPrior model) {
    InferConf way = model.settings().infer();
    int digest = model.id().lastIndexOf('/') + 1;
    int end = Math.min(model.id().length(), digest + SHOWN_OF_DIGEST);
    return "%s, %d steps, guidance %s, best of %d"
        .formatted(
            model.id().substring(0, end),
            Predictor.steps(model.settings().prior(), way),
            way.textScale(),
            way.samplesPerText());
  }
}
