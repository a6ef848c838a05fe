package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.conf.ConfLoader;
import prior.data.PairColumns;
import prior.data.spark.LocalSpark;
import prior.data.spark.PairPreparation;
import prior.data.spark.Preparation;
import prior.track.EventSteps;

/** Pairs and runs on HDFS: a name node and two data nodes of their own. */
@Tag("cluster")
class HdfsTest {
  @TempDir private static Path folder;
  private static Path local;
  private static MiniDFSCluster hdfs;

  private final SparkSession session = LocalSpark.session();
  private final JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());

  @BeforeAll
  static void start() throws IOException {
    // A name node that stops within this process would answer with its assertions; alone, it ends.
    HdfsTest.class.getClassLoader().setPackageAssertionStatus("org.apache.hadoop", false);
    local = SmallRuns.pairs(LocalSpark.session(), folder, 200);
    Configuration conf = new Configuration();
    conf.setInt("dfs.namenode.safemode.min.datanodes", 1);
    hdfs =
        new MiniDFSCluster.Builder(conf, folder.resolve("hdfs").toFile())
            .numDataNodes(2)
            .storagesPerDatanode(1)
            .build();
    hdfs.waitActive();
    put(local, "/data");
  }

  @AfterAll
  static void stop() {
    hdfs.shutdown(true);
  }

  private static void put(Path from, String to) throws IOException {
    hdfs.getFileSystem().copyFromLocalFile(path(from.toString()), path(to));
  }

  private static org.apache.hadoop.fs.Path path(String path) {
    return new org.apache.hadoop.fs.Path(path);
  }

  private static String uri(String path) {
    return hdfs.getURI() + path;
  }

  private void train(String data, String run, String... sets) {
    List<String> all = new ArrayList<>(SmallRuns.sets(local));
    all.add("data.train=" + data);
    all.addAll(List.of(sets));
    PriorTraining.run(spark, ConfLoader.load(List.of(), all), run, RunFolder.Mode.RESUME);
  }

  /** The latest checkpoint's files but the configuration, which names the data. */
  private static TreeMap<String, String> fetched(String run, String name) throws IOException {
    FileSystem fs = hdfs.getFileSystem();
    Path here = folder.resolve(name);
    fs.copyToLocalFile(path(run), path(here.toString()));
    return tensors(here);
  }

  private static TreeMap<String, String> tensors(Path run) throws IOException {
    Path checkpoint = run.resolve("checkpoints/round-00000006");
    assertThat(Files.readString(run.resolve("LATEST"))).isEqualTo("round-00000006\n");
    TreeMap<String, String> bytes = SmallRuns.bytes(checkpoint);
    bytes.keySet().removeIf(file -> !file.endsWith(".safetensors"));
    assertThat(bytes).hasSize(3);
    return bytes;
  }

  @Test
  void aRunOnHdfsWhoseNameNodeRestartsBetweenRoundsEndsWithTheBytesOfALocalOne() throws Exception {
    Path here = folder.resolve("local run");
    train(local.resolve("train").toString(), here.toString());
    train(uri("/data/train"), uri("/run"), "train.max_steps=4");
    hdfs.restartNameNode(true);
    Thread restart = restartAfterCheckpoint("round-00000004");
    train(uri("/data/train"), uri("/run"));
    restart.join(TimeUnit.MINUTES.toMillis(1));
    assertThat(restart.isAlive()).isFalse();
    assertThat(fetched("/run", "fetched run")).isEqualTo(tensors(here));
    assertThat(hdfs.getFileSystem().listStatus(path("/run")))
        .extracting(status -> status.getPath().getName())
        .containsExactlyInAnyOrder(
            "LATEST", "checkpoints", "config.conf", "metrics.jsonl", "report.html", "tensorboard");
    assertThat(EventSteps.of(hdfs.getFileSystem(), path("/run")))
        .startsWith(2L, 4L)
        .doesNotHaveDuplicates();
  }

  /** Restarts the name node while the run goes on, as soon as it has come so far. */
  private static Thread restartAfterCheckpoint(String name) {
    Thread restart =
        new Thread(
            () -> {
              try {
                while (!hdfs.getFileSystem().exists(path("/run/checkpoints/" + name))) {
                  TimeUnit.MILLISECONDS.sleep(10);
                }
                hdfs.restartNameNode(true);
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    restart.start();
    return restart;
  }

  @Test
  void pairsArePreparedOnHdfsAsOnALocalDisk() throws IOException {
    put(folder.resolve("raw"), "/raw");
    PairColumns columns =
        PairColumns.of("text_embedding", "image_embedding", Optional.of("image_path"));
    PairPreparation.run(
        session,
        new Preparation(
            uri("/raw"), uri("/out"), false, columns, "c", 0.1, 0.1, 1, 16, 64, false, 0));
    assertThat(session.read().parquet(uri("/out/train")).count())
        .isEqualTo(session.read().parquet(local.resolve("train").toString()).count());
    assertThat(
            session
                .read()
                .parquet(uri("/out/train"))
                .except(session.read().parquet(local.resolve("train").toString()))
                .count())
        .isZero();
  }
}
