package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Location;
import prior.checkpoint.RunLease;
import prior.checkpoint.Tensor;
import prior.checkpoint.Weights;
import prior.conf.ConfLoader;
import prior.data.spark.LocalSpark;
import prior.data.spark.PreparedFolder;
import prior.fault.ExitStatus;
import prior.fault.UserFault;

@Tag("spark")
class PriorTrainingTest {
  private static Path data;

  private final SparkSession session = LocalSpark.session();
  private final JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    data = SmallRuns.pairs(LocalSpark.session(), folder, 200);
  }

  private Path train(String name, RunFolder.Mode mode, String... sets) {
    Path run = temp.resolve(name);
    PriorTraining.run(spark, SmallRuns.settings(data, sets), run.toString(), mode);
    return run;
  }

  private static Path latest(Path run) throws IOException {
    return run.resolve("checkpoints").resolve(Files.readString(run.resolve("LATEST")).strip());
  }

  @Test
  void leavesConfigurationMetricsAndACheckpoint() throws IOException {
    Path run = train("run", RunFolder.Mode.RESUME);
    assertThat(run.resolve("config.conf")).exists();
    List<String> metrics = Files.readAllLines(run.resolve("metrics.jsonl"));
    assertThat(metrics).hasSize(6);
    assertThat(metrics.get(5)).contains("\"round\":6,\"step\":12,", "\"rows\":32,", "\"loss\":");
    assertThat(latest(run)).endsWithRaw(Path.of("round-00000006"));
    assertThat(latest(run))
        .isDirectoryContaining("glob:**/{model,ema,optimizer}.safetensors")
        .isDirectoryContaining("glob:**/manifest.json");
  }

  @Test
  void aRunStoppedAfterAnyCheckpointEndsWithTheBytesOfOneThatWasNot() throws IOException {
    Path whole = train("whole", RunFolder.Mode.RESUME);
    for (int stop : new int[] {2, 4, 8}) {
      String name = "stopped after " + stop;
      train(name, RunFolder.Mode.RESUME, "train.max_steps=" + stop);
      Path resumed = train(name, RunFolder.Mode.RESUME);
      assertThat(SmallRuns.bytes(latest(resumed)))
          .as(name)
          .isEqualTo(SmallRuns.bytes(latest(whole)));
      assertThat(Files.readAllLines(resumed.resolve("metrics.jsonl"))).hasSize(6);
    }
  }

  @Test
  void withoutAveragedMomentsAResumedRunEndsWithTheSameBytesToo() throws IOException {
    String firstOnes = "train.average_updater=false";
    Path whole = train("first worker's", RunFolder.Mode.RESUME, firstOnes);
    train("first worker's, resumed", RunFolder.Mode.RESUME, firstOnes, "train.max_steps=4");
    Path resumed = train("first worker's, resumed", RunFolder.Mode.RESUME, firstOnes);
    assertThat(SmallRuns.bytes(latest(resumed))).isEqualTo(SmallRuns.bytes(latest(whole)));
  }

  @Test
  void theSamePairsInAnotherFolderTrainToTheSameWeightsWithDropoutToo() throws IOException {
    String[] dropout = {"prior.net.attn_dropout=0.2", "prior.net.ff_dropout=0.2"};
    Path run = train("here", RunFolder.Mode.RESUME, dropout);
    Path elsewhere = temp.resolve("another folder");
    FileUtils.copyDirectory(data.toFile(), elsewhere.toFile());
    Path other = temp.resolve("there");
    ConfLoader.Loaded moved = SmallRuns.settings(elsewhere, dropout);
    PriorTraining.run(spark, moved, other.toString(), RunFolder.Mode.RESUME);
    String weights = "model.safetensors";
    assertThat(latest(other).resolve(weights)).hasSameBinaryContentAs(latest(run).resolve(weights));
  }

  @Test
  void aRunWhoseLastCheckpointIsDamagedGoesOnFromTheOneBefore() throws IOException {
    Path whole = train("undamaged", RunFolder.Mode.RESUME);
    Path damaged = train("damaged", RunFolder.Mode.RESUME, "train.max_steps=8");
    Path model = latest(damaged).resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(model);
    bytes[bytes.length / 2] ^= 1;
    Files.write(model, bytes);
    Files.deleteIfExists(latest(damaged).resolve(".model.safetensors.crc"));
    train("damaged", RunFolder.Mode.RESUME);
    assertThat(SmallRuns.bytes(latest(damaged))).isEqualTo(SmallRuns.bytes(latest(whole)));
  }

  @Test
  void theSameSettingsGiveTheSameBytesInAnotherRun() throws IOException {
    Path one = train("one", RunFolder.Mode.ERRORIFEXISTS, "train.max_steps=4");
    Path two = train("two", RunFolder.Mode.OVERWRITE, "train.max_steps=4");
    assertThat(SmallRuns.bytes(latest(one))).isEqualTo(SmallRuns.bytes(latest(two)));
  }

  @Test
  void learnsToPredictImagesBetterThanAtTheStart() throws IOException {
    Path run = train("learning", RunFolder.Mode.RESUME, "train.max_steps=120", "train.lr=3e-3");
    List<String> metrics = Files.readAllLines(run.resolve("metrics.jsonl"));
    assertThat(loss(metrics.get(metrics.size() - 1))).isLessThan(0.6 * loss(metrics.get(0)));
  }

  private static double loss(String line) {
    return Double.parseDouble(line.replaceAll(".*\"loss\":([^,]*),.*", "$1"));
  }

  @Test
  void resumingWithOtherSettingsNamesEachThatChanged() {
    train("changed", RunFolder.Mode.RESUME, "train.max_steps=4");
    assertThatThrownBy(
            () ->
                train(
                    "changed", RunFolder.Mode.RESUME, "train.random_seed=9", "train.use_ema=false"))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("train.random_seed was 0, is now 9")
        .hasMessageContaining("train.use_ema was true, is now false");
  }

  @Test
  void aFolderWithOtherFilesIsNotTakenForARun() throws IOException {
    Files.createDirectories(temp.resolve("home"));
    Files.writeString(temp.resolve("home/thesis.txt"), "irreplaceable");
    assertThatThrownBy(() -> train("home", RunFolder.Mode.OVERWRITE))
        .hasMessageContaining("expected a run or nothing, found other files");
    assertThat(temp.resolve("home/thesis.txt")).hasContent("irreplaceable");
  }

  @Test
  void aLossThatIsNotFiniteEndsTheRunAndKeepsTheLastCheckpoint() throws IOException {
    Path run = train("diverging", RunFolder.Mode.RESUME, "train.max_steps=4");
    String before = Files.readString(run.resolve("LATEST"));
    assertThatThrownBy(
            () ->
                train(
                    "diverging",
                    RunFolder.Mode.RESUME,
                    "train.lr=10",
                    "train.wd=10",
                    "train.max_steps=2000"))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.DIVERGED))
        .hasMessageContaining("expected a finite loss");
    assertThat(Files.readString(run.resolve("LATEST"))).isNotEmpty();
    assertThat(before).isNotEmpty();
  }

  @Test
  void aDryRunRefusesWhatTheDriverCannotHoldAsTrainingWould() {
    assertThatThrownBy(
            () ->
                PriorTraining.plan(
                    spark, SmallRuns.settings(data, "prior.net.dim=4096", "prior.net.depth=12")))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("expected at most 268,435,455 parameters");
  }

  @Test
  void embeddingsOfAnotherWidthAreNamedWithBothWidths() {
    assertThatThrownBy(() -> train("wide", RunFolder.Mode.RESUME, "prior.net.dim=32"))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("text 32 (prior.net.text_embed_width)")
        .hasMessageContaining("found text 16 and image 16");
  }

  @Test
  void aRunGoesOnWithAnotherNumberOfWorkersFromTheRowsItHadComeTo() throws IOException {
    train("moved", RunFolder.Mode.RESUME, "train.max_steps=4");
    Path run = train("moved", RunFolder.Mode.RESUME, "spark.workers=3", "train.max_steps=8");
    List<String> metrics = Files.readAllLines(run.resolve("metrics.jsonl"));
    assertThat(metrics).hasSize(4);
    assertThat(metrics.get(1)).contains("\"step\":4,", "\"rows\":32,");
    assertThat(metrics.get(3)).contains("\"step\":8,", "\"rows\":48,");
    assertThat(Files.readString(latest(run).resolve("progress.json")))
        .contains("\"examples_seen\" : 160", "\"workers\" : 3");
  }

  @Test
  void dropoutAndSelfConditioningTrainAndAreDrawnByName() throws IOException {
    String[] sets = {
      "prior.net.attn_dropout=0.1",
      "prior.net.ff_dropout=0.1",
      "prior.net.self_cond=true",
      "prior.training_clamp_l2norm=true",
      "train.max_steps=4"
    };
    Path one = train("dropped", RunFolder.Mode.RESUME, sets);
    Path two = train("dropped again", RunFolder.Mode.RESUME, sets);
    assertThat(SmallRuns.bytes(latest(one))).isEqualTo(SmallRuns.bytes(latest(two)));
    sets[0] = "prior.net.attn_dropout=0";
    Path other = train("less dropped", RunFolder.Mode.RESUME, sets);
    assertThat(Files.readAllBytes(latest(other).resolve("model.safetensors")))
        .isNotEqualTo(Files.readAllBytes(latest(one).resolve("model.safetensors")));
  }

  @Test
  void aRunThatAnotherJobWritesToIsRefused() throws IOException {
    Path run = Files.createDirectories(temp.resolve("shared"));
    FileSystem fs = FileSystem.getLocal(spark.hadoopConfiguration());
    RunLease.Timing fast = new RunLease.Timing(Duration.ofMillis(200), Duration.ofSeconds(1));
    try (RunLease held = RunLease.take(fs, new org.apache.hadoop.fs.Path(run.toString()), fast)) {
      assertThatThrownBy(() -> train("shared", RunFolder.Mode.RESUME))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("expected no other job on")
          .hasMessageContaining("found one that is running");
      held.check();
    }
    assertThat(run.resolve("config.conf")).doesNotExist();
  }

  @Test
  void diffusersFamilyLearnsOnStandardisedImagesAndPredictsInTheirOwnSpace() throws IOException {
    Path run =
        train(
            "unclip",
            RunFolder.Mode.RESUME,
            "prior.family=unclip",
            "prior.unclip.num_attention_heads=2",
            "prior.unclip.attention_head_dim=8",
            "prior.unclip.num_layers=2",
            "prior.unclip.embedding_dim=16",
            "prior.unclip.num_embeddings=0",
            "prior.unclip.encoder_hid_proj_type=null",
            "prior.unclip.attention_mask=true",
            "prior.unclip.scheduler.num_train_timesteps=20",
            "train.max_steps=80",
            "train.lr=3e-3");
    List<String> metrics = Files.readAllLines(run.resolve("metrics.jsonl"));
    assertThat(loss(metrics.get(metrics.size() - 1))).isLessThan(0.7 * loss(metrics.get(0)));
    List<Tensor> model = CheckpointStore.weights(Location.of(run.toString()), Weights.ONLINE);
    Tensor mean = named(model, "clip_mean");
    Tensor deviation = named(model, "clip_std");
    assertThat(mean.values())
        .isEqualTo(PreparedFolder.meanImage(spark.hadoopConfiguration(), data + "/train").get());
    assertThat(deviation.values())
        .isEqualTo(
            PreparedFolder.imageDeviation(spark.hadoopConfiguration(), data + "/train").get());
    assertThat(named(model, "transformer_blocks.1.attn1.to_q.weight").shape())
        .containsExactly(16, 16);
  }

  private static Tensor named(List<Tensor> tensors, String name) {
    return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst().orElseThrow();
  }
}
