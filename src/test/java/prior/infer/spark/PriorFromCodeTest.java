package prior.infer.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.checkpoint.Location;
import prior.data.spark.LocalSpark;
import prior.fault.UserFault;
import prior.infer.PriorPredictor;
import prior.infer.TrainedPrior;
import prior.train.spark.PriorTraining;
import prior.train.spark.RunFolder;
import prior.train.spark.SmallRuns;

/** The same model by the job, by a transformation of rows, and by arrays. */
class PriorFromCodeTest {
  private static final double LAST_BIT = 1e-6;
  private static final SparkSession SPARK = LocalSpark.session();

  @TempDir private static Path folder;
  @TempDir private Path temp;
  private static String run;
  private static Dataset<Row> texts;
  private static Map<String, List<Float>> byJob;

  @BeforeAll
  static void trainAndPredict() {
    Path data = SmallRuns.pairs(SPARK, folder, 120);
    run = folder.resolve("run").toString();
    PriorTraining.run(
        JavaSparkContext.fromSparkContext(SPARK.sparkContext()),
        SmallRuns.settings(data, "train.max_steps=2"),
        run,
        RunFolder.Mode.ERRORIFEXISTS);
    texts = SPARK.read().parquet(data.resolve("train").toString()).select("key", "text_embedding");
    TrainedPrior model = TrainedPrior.open(Location.of(run), List.of());
    Path output = folder.resolve("predicted");
    Inference.run(model, data.resolve("train"), output, WriteMode.ERRORIFEXISTS);
    byJob = Inference.predicted(output, "key");
  }

  private static float[][] vectors() {
    return texts.collectAsList().stream()
        .map(row -> floats(row.getList(1)))
        .toArray(float[][]::new);
  }

  private static String[] keys() {
    return texts.collectAsList().stream()
        .map(row -> String.valueOf(row.get(0)))
        .toArray(String[]::new);
  }

  private static float[] floats(List<Float> numbers) {
    float[] all = new float[numbers.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = numbers.get(i);
    }
    return all;
  }

  private static void same(String key, float[] found) {
    float[] job = floats(byJob.get(key));
    for (int i = 0; i < job.length; i++) {
      assertThat(found[i]).as(key).isCloseTo(job[i], within((float) LAST_BIT));
    }
  }

  @Test
  void arraysGiveWhatTheJobWrites() {
    PriorPredictor prior = PriorPredictor.open(run);
    float[][] images = prior.predict(vectors(), keys());
    String[] keys = keys();
    assertThat(images).hasNumberOfRows(byJob.size());
    for (int i = 0; i < keys.length; i++) {
      same(keys[i], images[i]);
    }
  }

  @Test
  void theExamplesOfJavadocAndReadmeRunAsTheyStand() throws Exception {
    float[][] images =
        (float[][])
            JavadocExample.call(PriorPredictor.class, temp, run, vectors(), (Object) keys());
    float[][] expected =
        PriorPredictor.open(run, "infer.sampler=dpmpp", "infer.steps=10")
            .predict(vectors(), keys());
    assertThat(images).isDeepEqualTo(expected);
    Dataset<?> predicted =
        (Dataset<?>) JavadocExample.call(PriorTransformation.class, temp, run, SPARK, texts);
    assertThat(predicted.count()).isEqualTo(images.length);
    assertThat(Files.readString(Path.of("README.md")))
        .contains(JavadocExample.of(PriorPredictor.class))
        .contains(JavadocExample.of(PriorTransformation.class));
  }

  @Test
  void keysThatAreNumbersNameWhatTheirDigitsName() {
    float[][] text = {vectors()[0]};
    try (PriorPredictor prior = PriorPredictor.open(run)) {
      float[][] named = prior.predict(text, new long[] {-7});
      assertThat(named).isDeepEqualTo(prior.predict(text, new String[] {"-7"}));
      assertThat(named[0]).isNotEqualTo(prior.predict(text, new long[] {7})[0]);
    }
  }

  @Test
  void aClosedPredictorSaysSoAndItsThreadsEnd() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    PriorPredictor prior = PriorPredictor.open(run, 2);
    prior.predict(vectors(), keys());
    Set<Thread> own = new HashSet<>(Thread.getAllStackTraces().keySet());
    own.removeIf(thread -> before.contains(thread) || !thread.getName().equals("prior lane"));
    assertThat(own).hasSize(1);
    prior.close();
    prior.close();
    assertThatThrownBy(() -> prior.predict(vectors()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot predict: the predictor is closed");
    for (Thread thread : own) {
      thread.join(10_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }

  @Test
  void nothingIsComputedBeforeThePredictionsAreUsed() {
    LongAccumulator read = SPARK.sparkContext().longAccumulator();
    Dataset<Row> counted =
        texts.map(
            (MapFunction<Row, Row>)
                row -> {
                  read.add(1);
                  return row;
                },
            Encoders.row(texts.schema()));
    PriorTransformation prior = PriorTransformation.of(SPARK, run);
    Dataset<Row> predicted = counted.repartition(3).transform(prior::apply);
    assertThat(read.value()).isZero();
    assertThat(predicted.collectAsList()).hasSize(byJob.size());
    assertThat(read.value()).isEqualTo(byJob.size());
  }

  @Test
  void rowsThatCannotBePredictedFailOrAreLeftOut() {
    String one = keys()[3];
    Dataset<Row> bad =
        texts.withColumn("text_embedding", when(col("key").notEqual(one), col("text_embedding")));
    Dataset<Row> skipped =
        bad.transform(PriorTransformation.of(SPARK, run, "infer.bad_rows=skip")::apply);
    assertThat(skipped.select("key").as(Encoders.STRING()).collectAsList())
        .hasSize(byJob.size() - 1)
        .doesNotContain(one);
    Dataset<Row> failing = bad.transform(PriorTransformation.of(SPARK, run)::apply);
    assertThatThrownBy(failing::collectAsList)
        .hasStackTraceContaining("key " + one + ": missing in text_embedding");
  }

  @Test
  void aTransformationOfRowsGivesWhatTheJobWrites() {
    PriorTransformation prior = PriorTransformation.of(SPARK, run);
    Dataset<Row> predicted = texts.repartition(3).transform(prior::apply);
    assertThat(predicted.columns())
        .containsExactly("key", "text_embedding", "predicted_image_embedding");
    List<Row> rows = predicted.select("key", "predicted_image_embedding").collectAsList();
    assertThat(rows).hasSize(byJob.size());
    rows.forEach(row -> same(String.valueOf(row.get(0)), floats(row.getList(1))));
  }

  @Test
  void withoutKeysEqualTextsHaveEqualImagesAndOtherSettingsOthers() {
    float[] text = vectors()[0];
    float[][] twice = PriorPredictor.open(run, 2).predict(new float[][] {text, vectors()[1], text});
    assertThat(twice[0]).isEqualTo(twice[2]).isNotEqualTo(twice[1]);
    float[][] seed = PriorPredictor.open(run, "infer.seed=1").predict(new float[][] {text});
    assertThat(seed[0]).isNotEqualTo(twice[0]);
    float[][] all =
        PriorPredictor.open(run, "infer.samples_per_text=3", "infer.keep=all")
            .predict(new float[][] {text, text});
    assertThat(all).hasNumberOfRows(6);
  }

  @Test
  void whatDoesNotFitIsNamed() {
    PriorPredictor prior = PriorPredictor.open(run);
    List<float[][]> bad = new ArrayList<>();
    bad.add(new float[][] {new float[3]});
    bad.add(new float[][] {new float[16]});
    bad.add(new float[][] {vectors()[0].clone()});
    bad.get(2)[0][5] = Float.NaN;
    assertThatThrownBy(() -> prior.predict(bad.get(0)))
        .isInstanceOf(UserFault.class)
        .hasMessage("Cannot predict: expected 16 numbers in text 0, found 3");
    assertThatThrownBy(() -> prior.predict(bad.get(1)))
        .hasMessageContaining("zero vector in text 0");
    assertThatThrownBy(() -> prior.predict(bad.get(2))).hasMessageContaining("NaN at position 5");
    assertThatThrownBy(() -> prior.predict(vectors(), new String[] {"a"}))
        .hasMessageContaining("keys, found 1");
  }
}
