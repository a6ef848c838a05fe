package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import prior.data.spark.LocalSpark;
import prior.track.MlflowServer;

@Tag("spark")
@Timeout(300)
class TrackedTrainingTest {
  private static Path data;

  private final SparkSession session = LocalSpark.session();
  private final JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    data = SmallRuns.pairs(LocalSpark.session(), folder, 200);
  }

  private Path train(String name, String... sets) {
    Path run = temp.resolve(name);
    PriorTraining.run(spark, SmallRuns.settings(data, sets), run.toString(), RunFolder.Mode.RESUME);
    return run;
  }

  /** The last checkpoint's tensors; its configuration says which trackers there were. */
  private static List<byte[]> state(Path run) throws IOException {
    Path last = run.resolve("checkpoints").resolve(Files.readString(run.resolve("LATEST")).strip());
    return Stream.of("model", "ema", "optimizer")
        .map(name -> last.resolve(name + ".safetensors"))
        .map(TrackedTrainingTest::read)
        .toList();
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aServerFollowsARunThatStopsAndGoesOnAndHasEachStepOnce() throws IOException {
    try (MlflowServer server = new MlflowServer()) {
      train("followed", "track.mlflow.uri=" + server.uri(), "train.max_steps=4");
      train("followed", "track.mlflow.uri=" + server.uri());
      assertThat(server.steps("train/loss")).containsExactly(2L, 4L, 6L, 8L, 10L, 12L);
    }
    assertThat(temp.resolve("followed/tensorboard"))
        .isDirectoryContaining("glob:**/events.out.tfevents.000001")
        .isDirectoryContaining("glob:**/events.out.tfevents.000002");
  }

  @Test
  void aServerThatHangsOneThatIsAwayAndAFolderThatCannotBeWrittenLeaveTrainingAsItIs()
      throws IOException {
    List<byte[]> alone = state(train("alone", "track.tensorboard=false"));
    Path inTheWay = temp.resolve("no folder");
    Files.createDirectories(inTheWay);
    Files.writeString(inTheWay.resolve("config.conf"), "");
    Files.writeString(inTheWay.resolve("tensorboard"), "a file");
    try (MlflowServer server = new MlflowServer().hanging()) {
      Path hanging = train("no folder", "track.mlflow.uri=" + server.uri());
      assertThat(state(hanging)).usingRecursiveComparison().isEqualTo(alone);
      assertThat(Files.readAllLines(hanging.resolve("metrics.jsonl"))).hasSize(6);
    }
    Path away = train("away", "track.mlflow.uri=http://127.0.0.1:1");
    assertThat(state(away)).usingRecursiveComparison().isEqualTo(alone);
  }
}
