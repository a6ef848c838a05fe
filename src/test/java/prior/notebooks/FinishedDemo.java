package prior.notebooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import prior.checkpoint.Location;
import prior.data.spark.LocalSpark;
import prior.infer.TrainedPrior;
import prior.infer.spark.InferRequest;
import prior.infer.spark.PriorEvaluation;
import prior.infer.spark.PriorInference;
import prior.infer.spark.WriteMode;
import prior.train.spark.PriorTraining;
import prior.train.spark.RunFolder;
import prior.train.spark.SmallRuns;
import prior.validate.spark.PairValidation;

/** What {@code ./submit.sh demo} leaves, of a network of width 16: made once for all tests. */
record FinishedDemo(Path folder) {
  static final int PAIRS = 300;
  private static FinishedDemo made;

  static synchronized FinishedDemo get() throws IOException {
    if (made == null) {
      made = make(Files.createDirectories(Path.of("target", "notebooks")).toAbsolutePath());
    }
    return made;
  }

  private static FinishedDemo make(Path parent) throws IOException {
    SparkSession spark = LocalSpark.session();
    Path folder = Files.createTempDirectory(parent, "demo");
    Path data = SmallRuns.pairs(spark, folder, PAIRS);
    Path run = folder.resolve("run");
    PriorTraining.run(
        JavaSparkContext.fromSparkContext(spark.sparkContext()),
        SmallRuns.settings(
            data,
            "data.val=" + data.resolve("val"),
            "validation.every_rounds=2",
            "train.max_steps=12"),
        run.toString(),
        RunFolder.Mode.ERRORIFEXISTS,
        Optional.of(PairValidation::open));
    TrainedPrior model = TrainedPrior.open(Location.of(run.toString()), List.of());
    String test = data.resolve("test").toString();
    PriorInference.run(
        spark,
        model,
        new InferRequest(
            test, folder.resolve("predicted").toString(), null, WriteMode.ERRORIFEXISTS));
    PriorEvaluation.run(spark, model, test, folder.resolve("eval").toString(), false);
    return new FinishedDemo(folder);
  }

  Path run() {
    return folder.resolve("run");
  }

  /** What {@code eval} wrote. */
  JsonNode evaluation() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("eval/evaluation.json").toFile());
  }
}
