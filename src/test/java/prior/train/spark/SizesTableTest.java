package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import prior.conf.ConfLoader;
import prior.conf.Settings;
import prior.model.NetworkShape;
import prior.model.ParameterLayout;
import prior.train.StateShape;

/** The tables of sizes in {@code src/docs/clusters.md} say what the checks before a run do. */
class SizesTableTest {
  private static final Path DOCUMENT = Path.of("src/docs/clusters.md");
  private static final int[] EXECUTORS = {2, 8, 32};
  private static final int STEPS_OF_A_ROUND = 10;
  private static final long GIB = 1L << 30;

  /** Bytes a second of a network of 10 Gb/s. */
  private static final double NETWORK = 1.25e9;

  /** The rows of the tables; rates are measured, with two threads (performance.md). */
  private enum Model {
    S("S, 77 tokens", 65.1, 32, net(256, 4, 8, 32, 77, true)),
    M("M, 77 tokens", 13.2, 32, net(512, 6, 8, 64, 77, true)),
    M_POOLED("M, pooled", 97.8, 32, net(512, 6, 8, 64, 77, false)),
    L("L, 77 tokens", 2.66, 8, net(768, 12, 12, 64, 77, true)),
    BASE("`conf/train-base.conf`", 0, 128, List.of()),
    XL("1024 x 16, pooled", 0, 128, net(1024, 16, 16, 64, 1, false));

    private final String words;
    private final double rate;
    private final int batch;
    private final List<String> sets;

    Model(String words, double rate, int batch, List<String> sets) {
      this.words = words;
      this.rate = rate;
      this.batch = batch;
      this.sets = sets;
    }

    private static List<String> net(
        int dim, int depth, int heads, int dimHead, int tokens, boolean encodings) {
      return List.of(
          "prior.net.dim=" + dim,
          "prior.net.depth=" + depth,
          "prior.net.heads=" + heads,
          "prior.net.dim_head=" + dimHead,
          "prior.net.max_text_len=" + tokens,
          "prior.condition_on_text_encodings=" + encodings,
          "data.columns.text_encodings=text_encodings");
    }

    private long parameters() throws IOException {
      String base = this == BASE ? Files.readString(Path.of("conf/train-base.conf")) : "";
      Settings settings =
          ConfLoader.load(List.of(new ConfLoader.Source(words, base)), sets).settings();
      return ParameterLayout.of(NetworkShape.of(settings.prior())).length();
    }

    private DriverBudget budget(int workers) throws IOException {
      return new DriverBudget(new StateShape(parameters(), true), workers, true);
    }
  }

  private static long gib(long bytes) {
    return (bytes + GIB - 1) / GIB;
  }

  private static void assertTold(String row) throws IOException {
    assertThat(Files.readAllLines(DOCUMENT)).contains(row);
  }

  private static String mb(long bytes) {
    return String.format(Locale.ROOT, "%,.0f", bytes / 1e6);
  }

  @ParameterizedTest
  @EnumSource
  void memoryIsWhatTheChecksBeforeARunAskFor(Model model) throws IOException {
    DriverBudget budget = model.budget(8);
    StringBuilder row = new StringBuilder("| %s |".formatted(model.words));
    row.append(String.format(Locale.ROOT, " %,.1f M |", model.parameters() / 1e6));
    row.append(" %s |".formatted(mb(budget.shape().bytes())));
    for (int threads : new int[] {1, 4, 8}) {
      long arrays = Preflight.of(1, model.parameters(), threads, true).bytes();
      row.append(" %s |".formatted(mb(arrays)));
    }
    long four = Preflight.of(1, model.parameters(), 4, true).bytes();
    row.append(" %dg |".formatted(gib(four) + 2));
    row.append(" %dg |".formatted(gib(2 * budget.shape().bytes()) + 1));
    row.append(" %dg | %dg |".formatted(gib(budget.heap()), Math.max(1, gib(budget.received()))));
    assertTold(row.toString());
  }

  @ParameterizedTest
  @EnumSource
  void aRoundMovesWhatTheDriverSaysItDoes(Model model) throws IOException {
    for (int executors : EXECUTORS) {
      DriverBudget budget = model.budget(executors);
      String row =
          "| %s | %d | %s | %s | %s | %s |"
              .formatted(
                  model.words,
                  executors,
                  mb(budget.shuffled()),
                  mb(budget.received()),
                  mb(executors * budget.shape().bytes()),
                  rate(model, budget));
      assertTold(row);
    }
  }

  /** Steps at the measured rate and the averaging that performance.md reckons. */
  private static String rate(Model model, DriverBudget budget) {
    if (model.rate == 0) {
      return "not measured";
    }
    long state = budget.shape().bytes();
    double averaging = 4.5e-9 * state + 4 * state / NETWORK + 0.003 * 2 * budget.workers();
    double steps = STEPS_OF_A_ROUND * model.batch / model.rate;
    double pairs = (double) budget.workers() * STEPS_OF_A_ROUND * model.batch;
    return String.format(Locale.ROOT, "%,.0f", pairs / (steps + averaging));
  }
}
