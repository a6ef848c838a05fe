package prior.track;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import prior.conf.MlflowConf;

@Timeout(60)
class MlflowTrackerTest {
  private final MlflowServer server;

  @TempDir private Path folder;

  MlflowTrackerTest() throws IOException {
    server = new MlflowServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private MlflowTracker open() throws IOException {
    FileSystem fs = FileSystem.getLocal(new Configuration());
    Tracking.Run run =
        new Tracking.Run(
            fs,
            new org.apache.hadoop.fs.Path(folder.toUri()),
            0,
            Map.of("train.lr", "1.1E-4", "data.train", "x".repeat(9000)));
    return MlflowTracker.open(new MlflowConf(server.uri(), "priors", "one"), run);
  }

  private static Measurement at(long step) {
    return new Measurement(
        step / 2, step, 1000 * step, Map.of("train/loss", 1.0 / step, "train/lr", 0.5));
  }

  @Test
  void aRunIsMadeWithItsNameAndSettingsAndEnded() throws IOException {
    try (MlflowTracker tracker = open()) {
      tracker.track(List.of(at(2), at(4)));
      tracker.end(Outcome.FAILED);
    }
    assertThat(server.requests())
        .extracting(MlflowServer.Request::path)
        .containsSubsequence( // the client asks again before it takes "none" for an answer
            "experiments/get-by-name",
            "experiments/create",
            "runs/create",
            "runs/set-tag",
            "runs/log-batch",
            "runs/log-batch",
            "runs/update");
    assertThat(server.bodies("experiments/create").get(0).path("name").asText())
        .isEqualTo("priors");
    assertThat(server.bodies("runs/create").get(0).path("experiment_id").asText()).isEqualTo("4");
    JsonNode tag = server.bodies("runs/set-tag").get(0);
    assertThat(tag.path("key").asText()).isEqualTo("mlflow.runName");
    assertThat(tag.path("value").asText()).isEqualTo("one");
    JsonNode parameters = server.bodies("runs/log-batch").get(0).path("params");
    assertThat(parameters).hasSize(2);
    parameters.forEach(p -> assertThat(p.path("value").asText()).hasSizeBetween(6, 500));
    JsonNode metric = server.bodies("runs/log-batch").get(1).path("metrics").get(0);
    assertThat(metric.path("timestamp").asLong()).isEqualTo(2000);
    assertThat(metric.path("step").asLong()).isEqualTo(2);
    assertThat(server.bodies("runs/update").get(0).path("status").asText()).isEqualTo("FAILED");
    assertThat(Files.readString(folder.resolve("mlflow.txt"))).isEqualTo("abc\n");
  }

  @Test
  void aRunThatGoesOnIsTheSameRunWithEachStepOnce() throws IOException {
    try (MlflowTracker tracker = open()) {
      tracker.track(List.of(at(2), at(4), at(6)));
    }
    try (MlflowTracker tracker = open()) {
      tracker.track(List.of(at(4), at(6), at(8)));
    }
    assertThat(server.bodies("runs/create")).hasSize(1);
    assertThat(server.bodies("runs/update").get(0).path("status").asText()).isEqualTo("RUNNING");
    assertThat(server.steps("train/loss")).containsExactly(2L, 4L, 6L, 8L);
  }

  @Test
  void aRunThatTheServerHasLostIsBegunAnew() throws IOException {
    Files.writeString(folder.resolve("mlflow.txt"), "of another server\n");
    open().close();
    assertThat(server.bodies("runs/create")).hasSize(1);
    assertThat(Files.readString(folder.resolve("mlflow.txt"))).isEqualTo("abc\n");
  }

  @Test
  void manyMeasurementsAreCutIntoTheBatchesTheServerTakes() throws IOException {
    try (MlflowTracker tracker = open()) {
      tracker.track(java.util.stream.LongStream.rangeClosed(1, 600).mapToObj(i -> at(i)).toList());
    }
    assertThat(server.bodies("runs/log-batch"))
        .extracting(batch -> batch.path("metrics").size())
        .containsExactly(0, 1000, 200);
  }
}
