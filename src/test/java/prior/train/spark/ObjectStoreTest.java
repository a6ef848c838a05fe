package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.HadoopLocation;
import prior.checkpoint.ObjectStore;
import prior.checkpoint.RunLease;
import prior.conf.ConfLoader;
import prior.data.PairColumns;
import prior.data.spark.LocalSpark;
import prior.data.spark.PairPreparation;
import prior.data.spark.Preparation;
import prior.data.spark.S3Store;
import prior.fault.UserFault;

/** Pairs and runs on S3, by S3A. */
@Tag("cluster")
class ObjectStoreTest {
  /** What a copy that stopped had done. */
  private static final Set<String> COPIED =
      Set.of("config.conf", "manifest.json", "model.safetensors");

  @TempDir private static Path folder;
  private static Path local;
  private static String bucket;
  private static FileSystem s3;

  private final SparkSession session = LocalSpark.session();
  private final JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());

  @BeforeAll
  static void start() throws IOException {
    local = SmallRuns.pairs(LocalSpark.session(), folder, 200);
    bucket = S3Store.bucket("training");
    s3 = path("/").getFileSystem(LocalSpark.session().sparkContext().hadoopConfiguration());
    put(local, "/data");
  }

  private static org.apache.hadoop.fs.Path path(String path) {
    return new org.apache.hadoop.fs.Path(bucket + path);
  }

  private static void put(Path from, String to) throws IOException {
    s3.copyFromLocalFile(new org.apache.hadoop.fs.Path(from.toUri()), path(to));
  }

  private void train(String data, String run, String... sets) {
    List<String> all = new ArrayList<>(SmallRuns.sets(local));
    all.add("data.train=" + data);
    all.addAll(List.of(sets));
    PriorTraining.run(spark, ConfLoader.load(List.of(), all), run, RunFolder.Mode.RESUME);
  }

  /** The tensors of a run's last checkpoint. */
  private static TreeMap<String, String> tensors(Path checkpoint) {
    TreeMap<String, String> bytes = SmallRuns.bytes(checkpoint);
    bytes.keySet().removeIf(file -> !file.endsWith(".safetensors") || file.startsWith("."));
    assertThat(bytes).hasSize(3);
    return bytes;
  }

  private static String text(String file) throws IOException {
    try (var in = s3.open(path(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String> names(String folder) throws IOException {
    List<String> names = new ArrayList<>();
    for (FileStatus there : s3.listStatus(path(folder))) {
      names.add(there.getPath().getName());
    }
    return names;
  }

  @Test
  void isKnownForAnObjectStoreAndADiskIsNot() throws IOException {
    assertThat(ObjectStore.holds(s3, path("/run"))).isTrue();
    FileSystem disk = FileSystem.getLocal(new Configuration());
    assertThat(ObjectStore.holds(disk, new org.apache.hadoop.fs.Path("/tmp"))).isFalse();
  }

  @Test
  void aRunOnS3StoppedAndResumedEndsWithTheBytesOfALocalOne() throws IOException {
    Path here = folder.resolve("local run");
    train(local.resolve("train").toString(), here.toString());
    train(bucket + "/data/train", bucket + "/run", "train.max_steps=4");
    assertThat(text("/run/LATEST")).isEqualTo("round-00000002\n");
    train(bucket + "/data/train", bucket + "/run");
    assertThat(text("/run/LATEST")).isEqualTo("round-00000006\n");
    assertThat(text("/run/metrics.jsonl").lines()).hasSize(6);
    Path fetched = folder.resolve("fetched");
    s3.copyToLocalFile(
        path("/run/checkpoints/round-00000006"), new org.apache.hadoop.fs.Path(fetched.toString()));
    assertThat(tensors(fetched)).isEqualTo(tensors(here.resolve("checkpoints/round-00000006")));
    assertThat(names("/run"))
        .containsExactlyInAnyOrder(
            "LATEST", "checkpoints", "config.conf", "metrics.jsonl", "report.html", "tensorboard");
  }

  @Test
  void aCheckpointWhoseRenameStoppedHalfWayIsNotTakenAndIsWrittenAgain() throws IOException {
    String run = "/stopped";
    train(bucket + "/data/train", bucket + run, "train.max_steps=8");
    String last = run + "/checkpoints/round-00000004/";
    String whole = text(last + "manifest.json");
    List<String> files = names(last);
    assertThat(files).hasSizeGreaterThan(COPIED.size());
    try (var out = s3.create(path(run + "/LATEST"), true)) {
      out.write("round-00000002\n".getBytes(StandardCharsets.UTF_8));
    }
    for (String file : files) {
      if (!COPIED.contains(file)) {
        s3.delete(path(last + file), true);
      }
    }
    train(bucket + "/data/train", bucket + run, "train.max_steps=8");
    assertThat(text(run + "/LATEST")).isEqualTo("round-00000004\n");
    assertThat(text(last + "manifest.json")).isEqualTo(whole);
    assertThat(names(last)).isEqualTo(files);
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aPointerThatIsReplacedIsNeverMissing() {
    CheckpointStore store = new CheckpointStore(new HadoopLocation(s3, path("/pointed")));
    store.best(Optional.of("round-1"));
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 20; i++) {
                store.best(Optional.of("round-" + i % 2));
                pause(100);
              }
            });
    while (!writing.isDone()) {
      assertThat(store.best()).isPresent();
    }
    writing.join();
  }

  @Test
  void ofTwoJobsThatFindNoLeaseAtOnceOneIsLetIn() throws Exception {
    org.apache.hadoop.fs.Path run = path("/raced");
    org.apache.hadoop.fs.Path lease = new org.apache.hadoop.fs.Path(run, RunLease.FILE_NAME);
    FSDataOutputStream other = s3.create(lease, false); // has looked: none was there
    RunLease.Timing timing = new RunLease.Timing(Duration.ofSeconds(4), Duration.ofSeconds(20));
    CompletableFuture<RunLease> second =
        CompletableFuture.supplyAsync(() -> RunLease.take(s3, run, timing));
    while (!s3.exists(lease)) {
      pause(5);
    }
    other.write(
        "{\"beat\": 0, \"host\": \"other\", \"id\": \"1\", \"pid\": 1}"
            .getBytes(StandardCharsets.UTF_8));
    other.close();
    for (int beat = 1; !second.isDone(); beat++) {
      pause(500);
      try (FSDataOutputStream out = s3.create(lease, true)) {
        out.write(
            ("{\"beat\": %d, \"host\": \"other\", \"id\": \"1\", \"pid\": 1}".formatted(beat))
                .getBytes(StandardCharsets.UTF_8));
      }
    }
    assertThatThrownBy(second::join)
        .hasCauseInstanceOf(UserFault.class)
        .hasMessageContaining("found one that is running")
        .hasMessageContaining("other");
  }

  @Test
  void pairsArePreparedOnS3AsOnALocalDiskAndReplaced() throws IOException {
    put(folder.resolve("raw"), "/raw");
    PairColumns columns =
        PairColumns.of("text_embedding", "image_embedding", Optional.of("image_path"));
    for (boolean overwrite : new boolean[] {false, true}) {
      PairPreparation.run(
          session,
          new Preparation(
              bucket + "/raw",
              bucket + "/out",
              overwrite,
              columns,
              "c",
              0.1,
              0.1,
              1,
              16,
              64,
              false,
              0));
      assertThat(session.read().parquet(bucket + "/out/train").collectAsList())
          .containsExactlyInAnyOrderElementsOf(
              session.read().parquet(local.resolve("train").toString()).collectAsList());
    }
    assertThat(names("/")).noneMatch(name -> name.startsWith("."));
  }
}
