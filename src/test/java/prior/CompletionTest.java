package prior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What bash offers after a word of ./submit.sh, once it has read {@code completion bash}. */
class CompletionTest {
  @TempDir private Path temp;
  private SubmitProject project;

  @BeforeEach
  void makeAProject() throws IOException {
    project = SubmitProject.in(temp);
  }

  /** What COMPREPLY holds where the cursor is at the end of the last word. */
  private List<String> offered(String... words) throws IOException, InterruptedException {
    String line =
        "source <(./submit.sh completion bash); COMP_WORDS=(./submit.sh "
            + Stream.of(words).map("'%s'"::formatted).collect(Collectors.joining(" "))
            + "); COMP_CWORD="
            + words.length
            + "; $(complete -p ./submit.sh | grep -o '_prior_submit'); echo \"${COMPREPLY[@]}\"";
    String output = project.bash(line, Map.of()).output().strip();
    return output.isEmpty() ? List.of() : List.of(output.split(" "));
  }

  @Test
  void aJobsFirstLettersGiveTheJob() throws Exception {
    assertThat(offered("tr")).containsExactly("train");
    assertThat(offered("do")).containsExactly("doctor");
    assertThat(offered("model", "")).containsExactly("describe", "import", "export");
  }

  @Test
  void anOptionsFirstLettersGiveTheOption() throws Exception {
    assertThat(offered("infer", "--model", "RUN", "--pa")).containsExactly("--partition");
  }

  @Test
  void whereAFileIsMeantBashIsLeftToOfferFiles() throws Exception {
    assertThat(offered("train", "--config", "")).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> everyJobsOptionsAndTheirValuesAreOfferedAndNoOthers() throws IOException {
    return JobCommands.all()
        .filter(job -> job.getSubcommands().isEmpty())
        .map(job -> dynamicTest(job.getCommandName(), () -> offersAllOf(job)));
  }

  private void offersAllOf(CommandLine job) throws Exception {
    List<String> words = words(job);
    List<OptionSpec> options = job.getCommandSpec().options();
    assertThat(offered(with(words, "--")))
        .containsExactlyInAnyOrderElementsOf(
            options.stream().map(OptionSpec::longestName).toList());
    for (OptionSpec option : options) {
      assertThat(offered(with(words, option.longestName(), "")))
          .as(option.longestName())
          .containsExactlyInAnyOrderElementsOf(values(option));
    }
  }

  private static List<String> words(CommandLine job) {
    return job.getParent() == null
        ? List.of(
            job.getCommandName()
                .replaceAll("Prior(\\w+?)(Job|Tool)?$", "$1")
                .toLowerCase(Locale.ROOT))
        : List.of("model", job.getCommandName());
  }

  private static String[] with(List<String> words, String... more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static List<String> values(OptionSpec option) {
    return option.completionCandidates() == null
        ? List.of()
        : StreamSupport.stream(option.completionCandidates().spliterator(), false)
            .map(value -> value.toLowerCase(Locale.ROOT))
            .toList();
  }
}
