package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.conf.NonFinitePolicy;
import prior.data.spark.LocalSpark;

@Tag("slow")
class SoakTest {
  private static final int ROUNDS = 600;
  private static final long MEGABYTE = 1 << 20;

  /** What a process holds. */
  private record Held(long heap, long beside, long files, long blocks) {
    static Held now() {
      // before the collection, which would have Spark remove what rounds left behind
      long blocks = SparkEnv.get().blockManager().diskBlockManager().getAllBlocks().size();
      System.gc();
      try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
        return new Held(
            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
            Pointer.totalBytes(),
            open.count(),
            blocks);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void hundredsOfRoundsLeaveMemoryAndOpenFilesWhereTheyWere(@TempDir Path folder) throws Exception {
    Path data = SmallRuns.pairs(LocalSpark.session(), folder, 200);
    AveragingRuns runs = new AveragingRuns(data);
    List<List<String>> rounds =
        IntStream.range(0, ROUNDS).mapToObj(round -> runs.batches(2)).toList();
    List<Held> held = new ArrayList<>();
    runs.averaged(
        2,
        1,
        rounds,
        runs.loader(),
        runs.rules(true, NonFinitePolicy.FAIL),
        result -> {
          if (result.round() % 200 == 199) {
            held.add(Held.now());
          }
        });
    Held before = held.get(0);
    Held after = held.get(held.size() - 1);
    assertThat(held).hasSize(ROUNDS / 200);
    assertThat(after.heap() - before.heap()).as("heap, %s", held).isLessThan(16 * MEGABYTE);
    assertThat(after.beside() - before.beside()).as("beside it, %s", held).isLessThan(MEGABYTE);
    assertThat(after.files() - before.files()).as("open files, %s", held).isLessThan(20);
    assertThat(after.blocks() - before.blocks()).as("blocks, %s", held).isLessThan(50);
  }
}
