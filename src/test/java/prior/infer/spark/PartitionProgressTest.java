package prior.infer.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.data.spark.LocalSpark;

@Tag("spark")
class PartitionProgressTest {
  private final SparkSession spark = LocalSpark.session();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  @TempDir private Path temp;

  private void follow(Duration pause) throws IOException {
    new PartitionProgress(pause, lines::add)
        .follow(
            spark.sparkContext(),
            "writing",
            () -> {
              spark.range(0, 100, 1, 4).write().parquet(temp.resolve("rows").toString());
              waitForEvents();
            });
  }

  private void waitForEvents() {
    try {
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyPartitionIsCountedWithItsRowsAndWorkOfOthersIsNot() throws IOException {
    spark.range(0, 50, 1, 3).count();
    follow(Duration.ZERO);
    spark.range(0, 50, 1, 3).count();
    waitForEvents();
    assertThat(lines).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(lines.get(i))
          .matches(
              "partitions=%d/4 rows=%d rows_per_s=\\d+ eta=\\d+m\\d\\ds"
                  .formatted(i + 1, 25 * (i + 1)));
    }
    assertThat(lines.get(3)).endsWith(" eta=0m00s");
  }

  @Test
  void withinThePauseNothingIsSaid() throws IOException {
    follow(Duration.ofHours(1));
    assertThat(lines).isEmpty();
  }
}
