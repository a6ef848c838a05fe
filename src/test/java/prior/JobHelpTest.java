package prior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import prior.SubmitProject.Ended;

/** {@code --help} of every job: one screen, with an example that can be pasted. */
class JobHelpTest {
  private static final int LINES = 40;
  private static final int COLUMNS = 80;
  private static final Pattern CALL = Pattern.compile("<--class><(\\w+)><[^>]*\\.jar>(.*)");

  @TempDir private Path temp;

  @TestFactory
  Stream<DynamicTest> helpIsOneScreen() throws IOException {
    return JobCommands.all()
        .map(
            job ->
                dynamicTest(
                    job.getCommandName(),
                    () -> {
                      List<String> lines = job.getUsageMessage(Ansi.OFF).lines().toList();
                      assertThat(lines).hasSizeLessThanOrEqualTo(LINES);
                      assertThat(lines)
                          .allSatisfy(line -> assertThat(line.length()).isLessThan(COLUMNS));
                    }));
  }

  @TestFactory
  Stream<DynamicTest> itsExamplePastedIntoAShellReachesTheJobWithArgumentsItUnderstands()
      throws IOException {
    SubmitProject project = SubmitProject.in(temp);
    return JobCommands.all()
        .map(job -> dynamicTest(job.getCommandName(), () -> isUnderstood(project, job)));
  }

  private static void isUnderstood(SubmitProject project, CommandLine job) throws Exception {
    String usage = job.getUsageMessage(Ansi.OFF);
    String example = usage.substring(usage.indexOf("  ./submit.sh"));
    Ended ended = project.bash(example, Map.of());
    assertThat(ended.status()).as(ended.output()).isZero();
    Matcher call = CALL.matcher(ended.output());
    assertThat(call.find()).as(ended.output()).isTrue();
    CommandLine parent = job.getParent() == null ? job : job.getParent();
    assertThat(call.group(1)).isEqualTo(parent.getCommandName());
    JobCommands.of(call.group(1)).parseArgs(words(call.group(2)));
  }

  private static String[] words(String bracketed) {
    return Pattern.compile("<([^>]*)>")
        .matcher(bracketed)
        .results()
        .map(word -> word.group(1))
        .toArray(String[]::new);
  }

  @Test
  void submitNamesEveryJob() throws Exception {
    String help = SubmitProject.in(temp).submit(0, "--help").output();
    assertThat(help.lines().toList())
        .hasSizeLessThanOrEqualTo(LINES)
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(COLUMNS + 10));
    String jobs =
        JobCommands.all()
            .filter(job -> job.getParent() == null)
            .map(job -> job.getCommandName().replaceAll("Prior(\\w+?)(Job|Tool)?$", "$1"))
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" "));
    assertThat(jobs.split(" "))
        .allSatisfy(job -> assertThat(help).containsPattern("(?m)^  " + job + " "));
  }
}
