package prior;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The commands of jobs/, which the unnamed package keeps from being named in a test. */
final class JobCommands {
  private JobCommands() {}

  /** Each job's, and each of its subcommands. */
  static Stream<CommandLine> all() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("jobs"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .sorted()
          .map(name -> of(name.replace(".java", "")))
          .toList()
          .stream()
          .flatMap(job -> Stream.concat(Stream.of(job), job.getSubcommands().values().stream()));
    }
  }

  /** As the launcher makes it. */
  static CommandLine of(String job) {
    try {
      return new CommandLine(Class.forName(job).getDeclaredConstructor().newInstance())
          .setCaseInsensitiveEnumValuesAllowed(true);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
