package prior.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every run of every case in a folder of golden numbers. {@code -Dreference.dir=DIR} names another
 * folder. A run of something the product cannot do yet is skipped and named.
 */
@Tag("parity")
class ReferenceParityTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("reference.dir", "src/test/resources/reference"));

  @TestFactory
  Stream<DynamicContainer> equalsTheReference() throws IOException {
    List<DynamicContainer> cases = new ArrayList<>();
    try (Stream<Path> folders = Files.list(FOLDER)) {
      folders
          .filter(folder -> Files.exists(folder.resolve("case.json")))
          .sorted()
          .forEach(folder -> cases.add(container(folder)));
    }
    assertThat(cases).as("cases in %s", FOLDER).isNotEmpty();
    return cases.stream();
  }

  private static DynamicContainer container(Path folder) {
    ReferenceCase golden = new ReferenceCase(folder);
    List<DynamicTest> tests = new ArrayList<>();
    for (int index = 0; index < golden.runs().size(); index++) {
      JsonNode run = golden.runs().path(index);
      int runIndex = index;
      String name = golden.name() + " " + run.path("op").asText() + " " + run.path("id").asText();
      tests.add(DynamicTest.dynamicTest(name, () -> check(golden, runIndex, name)));
    }
    return DynamicContainer.dynamicContainer(golden.name(), tests);
  }

  private static void check(ReferenceCase golden, int run, String name) {
    try {
      dispatch(golden, run);
      report("equal", name);
    } catch (NotSupportedYet missing) {
      report("not supported yet", name + ": " + missing.getMessage());
      Assumptions.abort(name + " is not supported yet: " + missing.getMessage());
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

  private static void report(String outcome, String name) {
    System.getLogger("prior.parity").log(System.Logger.Level.INFO, outcome + ": " + name);
  }
}
