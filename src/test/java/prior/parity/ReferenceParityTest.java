package prior.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every run of every case in a folder of golden numbers. {@code -Dreference.dir=DIR} names another
 * folder. Each case says in one line how many runs are equal and what its largest difference is; a
 * run of something the product cannot do yet is skipped and named.
 */
@Tag("parity")
class ReferenceParityTest {
  /** The reference's cases, and those of options they leave out, see make_cases.py there. */
  private static final List<Path> FOLDERS =
      Optional.ofNullable(System.getProperty("reference.dir"))
          .map(folder -> List.of(Path.of(folder)))
          .orElse(
              List.of(
                  Path.of("src/test/resources/reference"), Path.of("src/test/resources/unclip")));

  @TestFactory
  Stream<DynamicContainer> equalsTheReference() throws IOException {
    List<DynamicContainer> cases = new ArrayList<>();
    for (Path parent : FOLDERS) {
      try (Stream<Path> folders = Files.list(parent)) {
        folders
            .filter(folder -> Files.exists(folder.resolve("case.json")))
            .sorted()
            .forEach(folder -> cases.add(container(folder)));
      }
    }
    assertThat(cases).as("cases in %s", FOLDERS).isNotEmpty();
    return cases.stream();
  }

  /** A test for each run, and one at the end that says how near the case came. */
  private static DynamicContainer container(Path folder) {
    ReferenceCase golden = new ReferenceCase(folder);
    Outcome outcome = new Outcome(golden.name());
    List<DynamicTest> tests = new ArrayList<>();
    for (int index = 0; index < golden.runs().size(); index++) {
      JsonNode run = golden.runs().path(index);
      int runIndex = index;
      String name = golden.name() + " " + run.path("op").asText() + " " + run.path("id").asText();
      tests.add(DynamicTest.dynamicTest(name, () -> check(golden, runIndex, outcome)));
    }
    tests.add(DynamicTest.dynamicTest(golden.name() + " as a whole", outcome::report));
    return DynamicContainer.dynamicContainer(golden.name(), tests);
  }

  /** Counts a case's runs as they are checked. */
  private static final class Outcome {
    private final String name;
    private int equal;
    private int failed;
    private final List<String> unsupported = new ArrayList<>();

    Outcome(String name) {
      this.name = name;
    }

    void report() {
      String rest =
          (failed > 0 ? ", " + failed + " differ" : "")
              + (unsupported.isEmpty() ? "" : ", not supported yet: " + unsupported);
      System.out.println(name + ": " + equal + " runs equal" + rest + "; " + Agreement.summary());
      assertThat(failed).as("runs of %s that differ", name).isZero();
    }
  }

  private static void check(ReferenceCase golden, int run, Outcome outcome) {
    if (run == 0) {
      Agreement.restart();
    }
    try {
      dispatch(golden, run);
      outcome.equal++;
    } catch (NotSupportedYet missing) {
      outcome.unsupported.add(missing.getMessage());
      Assumptions.abort(outcome.name + " is not supported yet: " + missing.getMessage());
    } catch (AssertionError | RuntimeException e) {
      outcome.failed++;
      throw e;
    }
  }

  private static void dispatch(ReferenceCase golden, int index) {
    JsonNode run = golden.runs().path(index);
    switch (run.path("op").asText()) {
      case "forward" -> new NetworkRuns(golden).forward(run);
      case "schedule" -> new ScheduleRuns(golden).tables(run);
      case "scheduler_ops" -> new ScheduleRuns(golden).operations(run);
      case "ddim_times" -> new ScheduleRuns(golden).ddimTimes(run);
      case "ddpm_sample", "ddim_sample" -> new SamplerRuns(golden).sample(run);
      case "best_of_n" -> new SamplerRuns(golden).bestOfN(run);
      case "train" -> new TrainingRuns(golden, index).train(run);
      case "param_average" -> new TrainingRuns(golden, index).average(run);
      case "unclip_forward" -> new UnclipRuns(golden).forward(run);
      case "unclip_sample" -> new UnclipRuns(golden).sample(run);
      case "unclip_schedule" -> new ScheduleRuns(golden).unclipTables(run);
      case "unclip_timesteps" -> new ScheduleRuns(golden).unclipTimesteps(run);
      case "unclip_step" -> new ScheduleRuns(golden).unclipStep(run);
      case "unclip_add_noise" -> new ScheduleRuns(golden).unclipAddNoise(run);
      case "loss" -> new NetworkRuns(golden).loss(run, index);
      default -> throw new NotSupportedYet(run.path("op").asText());
    }
  }
}
