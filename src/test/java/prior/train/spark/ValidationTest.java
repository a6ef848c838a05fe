package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.checkpoint.Location;
import prior.checkpoint.Weights;
import prior.conf.ConfLoader;
import prior.data.spark.LocalSpark;
import prior.fault.UserFault;
import prior.infer.TrainedPrior;
import prior.infer.spark.EvalRequest;
import prior.infer.spark.PriorEvaluation;
import prior.validate.spark.PairValidation;

/** What a run measures of itself, and that it learns the same without. */
@Tag("spark")
class ValidationTest {
  private static final String PAIRS = "validation.max_pairs=1000";

  private static Path data;
  private static Path measured;

  private final SparkSession session = LocalSpark.session();
  private final JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());

  @TempDir private Path temp;

  @BeforeAll
  static void train(@TempDir Path folder) {
    SparkSession session = LocalSpark.session();
    data = SmallRuns.pairs(session, folder, 700);
    measured =
        new ValidatedRuns(JavaSparkContext.fromSparkContext(session.sparkContext()), data)
            .train(folder.resolve("measured"), PAIRS, "data.test=" + data.resolve("test"));
  }

  private Path run(String name, String... sets) {
    return new ValidatedRuns(spark, data).train(temp.resolve(name), sets);
  }

  @Test
  void theLastCheckpointHasTheBytesOfARunThatIsNotMeasured() {
    Path plain = temp.resolve("plain");
    ConfLoader.Loaded same =
        SmallRuns.settings(
            data,
            "data.val=" + data.resolve("val"),
            "validation.every_rounds=1",
            "validation.steps=[5]",
            "train.keep_last=100",
            PAIRS,
            "data.test=" + data.resolve("test"));
    PriorTraining.run(spark, same, plain.toString(), RunFolder.Mode.RESUME);
    assertThat(ValidatedRuns.checkpoint(plain, "LATEST"))
        .isEqualTo(ValidatedRuns.checkpoint(measured, "LATEST"));
    assertThat(plain.resolve("validation.jsonl")).doesNotExist();
  }

  @Test
  void eachValidationIsALineOfTheAgreedForm() {
    List<JsonNode> lines = ValidatedRuns.lines(measured, "validation.jsonl");
    assertThat(lines).hasSize(6);
    JsonNode last = lines.get(5);
    assertThat(last.fieldNames())
        .toIterable()
        .containsExactly(
            "round", "step", "rows_seen", "pairs", "seconds", "online", "ema", "samples", "best");
    assertThat(last.at("/round").asInt()).isEqualTo(6);
    assertThat(last.at("/step").asInt()).isEqualTo(12);
    assertThat(last.at("/rows_seen").asInt()).isEqualTo(192);
    assertThat(last.at("/ema").fieldNames())
        .toIterable()
        .containsExactly("loss", "loss_by_time", "squared_error");
    assertThat(last.at("/online/loss_by_time")).hasSize(10);
    assertThat(last.at("/samples/0").fieldNames())
        .toIterable()
        .containsExactly(
            "weights",
            "steps",
            "cosine_predicted_image",
            "cosine_mean_image",
            "cosine_predicted_text",
            "cosine_text_image",
            "cosine_difference",
            "cosine_predicted_unrelated_text",
            "recall_at_1",
            "recall_at_5",
            "recall_at_10",
            "diversity");
    assertThat(last.at("/samples/0/diversity").asDouble()).isBetween(0.0, 1.0);
  }

  @Test
  void thePictureHoldsEveryPairOnceInEachHistogram() throws IOException {
    JsonNode picture =
        new ObjectMapper().readTree(Files.readString(measured.resolve("validation.json")));
    int pairs = ValidatedRuns.lines(measured, "validation.jsonl").get(0).at("/pairs").asInt();
    assertThat(picture.at("/round").asInt()).isEqualTo(6);
    JsonNode histograms = picture.at("/histograms");
    assertThat(histograms.at("/edges").get(0).asDouble()).isEqualTo(-1);
    for (String name : List.of("own_image", "unrelated_image", "mean_image")) {
      int sum = 0;
      for (JsonNode count : histograms.get(name)) {
        sum += count.asInt();
      }
      assertThat(sum).as(name).isEqualTo(pairs);
      assertThat(histograms.get(name)).hasSize(histograms.at("/edges").size() - 1);
    }
    assertThat(picture.at("/projection/predicted")).hasSize(pairs);
    assertThat(picture.at("/projection/image").get(0)).hasSize(2);
  }

  @Test
  void cosinesRecallAndLossesAreThoseOfTheEvaluationJob() throws IOException {
    Path last = measured.resolve("checkpoints/round-00000006");
    Location location = Location.of(last.toString());
    TrainedPrior model = TrainedPrior.open(location, List.of());
    TrainedPrior online =
        TrainedPrior.open(
            location, Weights.ONLINE, own -> ConfLoader.load(List.of(own), List.of()));
    Path folder = temp.resolve("evaluation");
    String val = data.resolve("val").toString();
    PriorEvaluation.run(
        session,
        new EvalRequest(
            model, online, PairValidation.losses(session), val, folder.toString(), false));
    JsonNode job = new ObjectMapper().readTree(Files.readString(folder.resolve("evaluation.json")));
    JsonNode own = ValidatedRuns.lines(measured, "validation.jsonl").get(5).at("/samples/0");
    for (String score :
        List.of(
            "cosine_predicted_image",
            "cosine_predicted_text",
            "cosine_text_image",
            "cosine_mean_image",
            "recall_at_1",
            "recall_at_10")) {
      assertThat(own.get(score).asDouble())
          .as(score)
          .isCloseTo(job.get(score).asDouble(), within(1e-6));
    }
    JsonNode ema = ValidatedRuns.lines(measured, "validation.jsonl").get(5).at("/ema");
    assertThat(job.get("loss").asDouble()).isCloseTo(ema.get("loss").asDouble(), within(1e-9));
    assertThat(job.at("/loss_by_time/9").asDouble())
        .isCloseTo(ema.at("/loss_by_time/9").asDouble(), within(1e-9));
    assertThat(job.get("squared_error").asDouble())
        .isCloseTo(ema.get("squared_error").asDouble(), within(1e-9));
    JsonNode comparison =
        new ObjectMapper().readTree(Files.readString(folder.resolve("comparison.json")));
    JsonNode weights = ValidatedRuns.lines(measured, "validation.jsonl").get(5).at("/online");
    assertThat(comparison.at("/other_loss/loss").asDouble())
        .isCloseTo(weights.get("loss").asDouble(), within(1e-9));
  }

  @Test
  void aLossIsTheSameForAnyNumberOfWorkers() {
    String[] unmoved = {PAIRS, "train.max_steps=2", "train.lr=1e-30", "train.lr_end=0"};
    List<Double> losses = new ArrayList<>();
    for (int workers : new int[] {1, 3}) {
      String[] sets = Arrays.copyOf(unmoved, unmoved.length + 1);
      sets[unmoved.length] = "spark.workers=" + workers;
      Path run = run("workers " + workers, sets);
      losses.add(ValidatedRuns.validations(run).get(0).at("/online/loss").asDouble());
    }
    assertThat(losses.get(0)).isCloseTo(losses.get(1), within(1e-6));
  }

  @Test
  void aLossIsAMeanOverPairsAndNoSum() {
    Path all = run("all", PAIRS, "spark.workers=3", "train.max_steps=2");
    JsonNode before = ValidatedRuns.lines(all, "validation.jsonl").get(0);
    assertThat(before.at("/pairs").asInt()).isGreaterThan(48);
    Path again =
        run("some", PAIRS, "spark.workers=3", "train.max_steps=2", "validation.max_pairs=48");
    JsonNode fewer = ValidatedRuns.lines(again, "validation.jsonl").get(0);
    assertThat(fewer.at("/pairs").asInt()).isEqualTo(48);
    assertThat(fewer.at("/online/loss").asDouble())
        .isCloseTo(before.at("/online/loss").asDouble(), within(0.2));
  }

  @Test
  void theTestIsMeasuredOnceAtTheEndWithTheBestCheckpoint() throws IOException {
    JsonNode test = new ObjectMapper().readTree(Files.readString(measured.resolve("test.json")));
    assertThat(test.at("/checkpoint").asText()).isEqualTo(ValidatedRuns.pointer(measured, "BEST"));
    assertThat(test.at("/ema/loss").asDouble()).isPositive();
    Files.writeString(
        measured.resolve("test.json"),
        "{\"checkpoint\":\"%s\",\"kept\":1}".formatted(test.at("/checkpoint").asText()));
    Files.deleteIfExists(measured.resolve(".test.json.crc"));
    new ValidatedRuns(spark, data).train(measured, PAIRS, "data.test=" + data.resolve("test"));
    assertThat(measured.resolve("test.json")).content().contains("kept");
  }

  @Test
  void withoutHeldOutPairsNothingIsMeasured() {
    Path run = run("without", "data.val=null", "train.max_steps=4");
    assertThat(run.resolve("validation.jsonl")).doesNotExist();
    assertThat(run.resolve("BEST")).doesNotExist();
  }

  @Test
  void theLastRoundIsMeasuredWhateverTheSchedule() {
    Path run = run("seldom", "validation.every_rounds=4");
    assertThat(ValidatedRuns.validations(run))
        .extracting(line -> line.at("/round").asInt())
        .containsExactly(4, 6);
    Path timed = run("timed", "validation.every_rounds=null", "validation.every_minutes=1e-9");
    assertThat(ValidatedRuns.validations(timed)).hasSize(6);
  }

  @Test
  void oneHeldOutPairIsTooFew() {
    String one = data.resolve("one").toString();
    session.read().parquet(data.resolve("val").toString()).limit(1).write().parquet(one);
    assertThatThrownBy(() -> run("few", "data.val=" + one))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(one)
        .hasMessageContaining("expected at least 2, found 1");
  }

  @Test
  void heldOutPairsThatAreNotThereAreNamed() {
    assertThatThrownBy(() -> run("few", "data.val=" + data.resolve("nowhere")))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("nowhere");
  }
}
