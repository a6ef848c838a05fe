package prior.infer.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.checkpoint.RunLease;
import prior.data.spark.LocalSpark;
import prior.fault.UserFault;
import prior.train.spark.SmallRuns;

/** What lies at the output, in every mode, after work and after faults. */
@Tag("spark")
class InferOutputTest {
  private static Path texts;

  private final SparkSession spark = LocalSpark.session();

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    texts = SmallRuns.pairs(LocalSpark.session(), folder, 200).resolve("train");
  }

  private Path predict(String output, WriteMode mode, String... sets) {
    return predict(texts, output, mode, sets);
  }

  private Path predict(Path input, String output, WriteMode mode, String... sets) {
    Inference.run(Inference.model(sets), input, temp.resolve(output), mode);
    return temp.resolve(output);
  }

  private static JsonNode manifest(Path output) throws IOException {
    return new ObjectMapper().readTree(output.resolve("_manifest.json").toFile());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private long rows(Path output) {
    return spark.read().parquet(output.toString()).count();
  }

  @Test
  void theManifestTellsOfEachFileWhatLiesThere() throws Exception {
    Path output = predict("out", WriteMode.ERRORIFEXISTS, "infer.rows_per_file=10");
    JsonNode manifest = manifest(output);
    List<String> told = new ArrayList<>(List.of("_SUCCESS", "_manifest.json"));
    for (JsonNode file : manifest.path("files")) {
      Path path = output.resolve(file.path("name").asText());
      told.add(file.path("name").asText());
      assertThat(file.path("bytes").asLong()).isEqualTo(Files.size(path));
      assertThat(file.path("rows").asLong()).isEqualTo(rows(path)).isLessThanOrEqualTo(10);
      assertThat(file.path("sha256").asText()).isEqualTo(sha256(path));
    }
    assertThat(names(output))
        .filteredOn(n -> !n.startsWith("."))
        .containsExactlyInAnyOrderElementsOf(told);
    long rows = rows(texts);
    assertThat(manifest.path("rows").asLong()).isEqualTo(rows).isEqualTo(rows(output));
    assertThat(manifest.path("runs").path(0).path("rows_in").asLong()).isEqualTo(rows);
    assertThat(names(temp)).containsExactly("out");
  }

  private static String sha256(Path file) throws Exception {
    return java.util.HexFormat.of()
        .formatHex(
            java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  @Test
  void partitionsOfOneThreeOrSevenGiveTheSamePredictions() {
    Map<String, List<Float>> expected =
        Inference.predicted(predict("all", WriteMode.RESUME), "key");
    for (int parts : new int[] {1, 3, 7}) {
      Path input = temp.resolve("in" + parts);
      spark.read().parquet(texts.toString()).repartition(parts).write().parquet(input.toString());
      Map<String, List<Float>> found =
          Inference.predicted(predict(input, "out" + parts, WriteMode.ERRORIFEXISTS), "key");
      assertThat(found.keySet()).isEqualTo(expected.keySet());
      found.forEach((key, vector) -> assertClose(vector, expected.get(key)));
    }
  }

  /** A row's place in a pass decides how a matrix product rounds its last bit, no more. */
  private static void assertClose(List<Float> found, List<Float> expected) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(found.get(i))
          .isCloseTo(expected.get(i), org.assertj.core.api.Assertions.within(1e-6f));
    }
  }

  @Test
  void unitsDoNotDependOnTheNumberOfCores() {
    InferInput input = InferInput.open(spark, texts.toString(), Inference.model());
    List<String> before = Slices.of(spark, input.rows(), java.util.Optional.empty()).units();
    spark.conf().set("spark.sql.files.minPartitionNum", "37");
    try {
      InferInput again = InferInput.open(spark, texts.toString(), Inference.model());
      assertThat(Slices.of(spark, again.rows(), java.util.Optional.empty()).units())
          .isEqualTo(before)
          .hasSizeGreaterThan(1);
    } finally {
      spark.conf().unset("spark.sql.files.minPartitionNum");
    }
  }

  @Test
  void appendingAddsAnotherInputAndNothingOfTheSameTwice() throws IOException {
    Path output = predict("out", WriteMode.APPEND);
    long once = rows(output);
    predict("out", WriteMode.APPEND);
    assertThat(rows(output)).isEqualTo(once);
    spark
        .read()
        .parquet(texts.toString())
        .limit(20)
        .coalesce(1)
        .write()
        .parquet(temp.resolve("more").toString());
    predict(temp.resolve("more"), "out", WriteMode.APPEND);
    assertThat(rows(output)).isEqualTo(once + 20);
    assertThat(manifest(output).path("rows").asLong()).isEqualTo(once + 20);
    assertThat(manifest(output).path("runs")).hasSize(2);
    assertThat(output.resolve("_SUCCESS")).exists();
  }

  @Test
  void overwritingAPartitionLeavesTheOthersAlone() throws IOException {
    Path output = temp.resolve("out");
    for (String partition : new String[] {"ds=2026-01-30", "ds=2026-01-31"}) {
      write(partition, WriteMode.ERRORIFEXISTS);
    }
    TreeMap<String, Long> before = new TreeMap<>();
    for (String name : names(output.resolve("ds=2026-01-30"))) {
      before.put(
          name,
          Files.getLastModifiedTime(output.resolve("ds=2026-01-30").resolve(name)).toMillis());
    }
    List<String> replaced = names(output.resolve("ds=2026-01-31"));
    write("ds=2026-01-31", WriteMode.OVERWRITE);
    assertThat(names(output.resolve("ds=2026-01-31")))
        .hasSameSizeAs(replaced)
        .isNotEqualTo(replaced);
    for (String name : before.keySet()) {
      assertThat(output.resolve("ds=2026-01-30").resolve(name)).exists();
    }
    assertThat(names(output)).containsExactly("ds=2026-01-30", "ds=2026-01-31");
    assertThat(spark.read().parquet(output.toString()).groupBy("ds").count().count()).isEqualTo(2);
  }

  private void write(String partition, WriteMode mode) {
    PriorInference.run(
        spark,
        Inference.model(),
        new InferRequest(texts.toString(), temp.resolve("out").toString(), partition, mode));
  }

  @Test
  void skippedRowsAreListedWithKeyAndCauseAndAllOthersPredicted() throws IOException {
    Path bad = temp.resolve("bad");
    spark
        .read()
        .parquet(Inference.FIXTURES.resolve("plain.parquet").toString())
        .selectExpr(
            "key",
            "case key when 'k1' then null when 'k3' then array(1f) when 'k5' then"
                + " array(0f, 0f, 0f, 0f) else text_embedding end text_embedding")
        .coalesce(1)
        .write()
        .parquet(bad.toString());
    Path output =
        predict(bad, "out", WriteMode.ERRORIFEXISTS, "prior.net.dim=4", "infer.bad_rows=skip");
    assertThat(Inference.predicted(output, "key")).containsOnlyKeys("k0", "k2", "k4", "k6");
    List<String> lines = Files.readAllLines(output.resolve("_skipped.jsonl"));
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).contains("\"key\":\"k1\"", "\"reason\":\"missing\"", "/bad/part-");
    assertThat(lines.get(1)).contains("\"key\":\"k3\"", "\"reason\":\"wrong width\"");
    assertThat(lines.get(2)).contains("\"key\":\"k5\"", "\"reason\":\"zero vector\"");
    assertThat(manifest(output).path("skipped").asLong()).isEqualTo(3);
    assertThat(manifest(output).path("rows").asLong()).isEqualTo(4);
  }

  @Test
  void aFinishedOutputIsLeftAloneByResume() throws IOException {
    Path output = predict("out", WriteMode.RESUME);
    List<String> before = names(output);
    predict("out", WriteMode.RESUME);
    assertThat(names(output)).isEqualTo(before);
    assertThat(names(temp)).containsExactly("out");
    assertThatThrownBy(() -> predict("out", WriteMode.RESUME, "infer.seed=2"))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("made with another input, model or options");
    assertThat(names(output)).isEqualTo(before);
  }

  @Test
  void aSecondJobOnTheSameOutputIsRefusedWhileTheFirstLives() throws Exception {
    RunLease.Timing quick = new RunLease.Timing(Duration.ofMillis(50), Duration.ofSeconds(20));
    org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(temp.resolve("out").toUri());
    try (StagedOutput first =
        StagedOutput.take(spark.sparkContext().hadoopConfiguration(), target, quick)) {
      assertThat(first.exists()).isFalse();
      assertThatThrownBy(() -> predict("out", WriteMode.OVERWRITE))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("expected no other job on");
    }
    assertThat(names(temp)).isEmpty();
    assertThat(rows(predict("out", WriteMode.OVERWRITE))).isEqualTo(rows(texts));
  }

  /** Stops a job of the same output after a step of its publication. */
  private void stoppedWhileReplacing(Path output) throws IOException {
    org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(output.toString());
    try (StagedOutput stopped =
        StagedOutput.take(
            spark.sparkContext().hadoopConfiguration(), target, RunLease.Timing.DEFAULT)) {
      stopped.begin(Plan.of(WriteMode.OVERWRITE, "m", "o", 1, List.of("slice")));
      Path staging = Path.of(java.net.URI.create(stopped.work().getParent().toString()));
      Files.move(output, staging.resolve("replaced"));
    }
  }

  @Test
  void anOutputTakenAwayByAJobStoppedBeforeItPutItsOwnInPlaceIsGivenBack() throws IOException {
    Path output = predict("out", WriteMode.ERRORIFEXISTS);
    long rows = rows(output);
    stoppedWhileReplacing(output);
    assertThat(output).doesNotExist();
    assertThatThrownBy(() -> predict("out", WriteMode.APPEND, "infer.output=other"))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("expected rows of its schema");
    assertThat(rows(output)).isEqualTo(rows);
    stoppedWhileReplacing(output);
    predict("out", WriteMode.OVERWRITE, "infer.seed=5");
    assertThat(rows(output)).isEqualTo(rows);
    assertThat(names(temp)).containsExactly("out");
  }

  @Test
  void whatAnAttemptLeftThatDoesNotCountIsNeverSeen() throws IOException {
    org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(temp.resolve("out").toUri());
    OutputManifest.Run run =
        new OutputManifest.Run("r", "i", "in", 0, 0, 0, 1, "m", "c", "o", "k", 1, 0, 1, 1, 1);
    DoneUnit.Part counts = new DoneUnit.Part("a.1-part", "part", 1, 1, "x");
    DoneUnit done = new DoneUnit(0, 1, 0, null, 1, List.of(counts));
    try (StagedOutput output =
        StagedOutput.take(
            spark.sparkContext().hadoopConfiguration(), target, RunLease.Timing.DEFAULT)) {
      Plan plan = Plan.of(WriteMode.RESUME, "m", "o", 1, List.of("slice"));
      output.begin(plan);
      Path work = Path.of(java.net.URI.create(output.work().toString()));
      Files.writeString(work.resolve("a.1-part"), "counts");
      Files.writeString(work.resolve("a.2-part"), "does not");
      output.publish(plan, run, "{}", List.of(done));
    }
    assertThat(names(temp)).containsExactly("out");
    assertThat(names(temp.resolve("out")))
        .filteredOn(name -> !name.startsWith("."))
        .containsExactly("_SUCCESS", "_manifest.json", "part");
    assertThat(temp.resolve("out/part")).hasContent("counts");
  }
}
