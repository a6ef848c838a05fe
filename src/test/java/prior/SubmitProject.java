package prior;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A project that needs no build, with a Spark that only writes down how it was called. */
record SubmitProject(Path folder, Path spark) {
  record Ended(int status, String output) {}

  static SubmitProject in(Path temp) throws IOException {
    SubmitProject made = new SubmitProject(temp.resolve("a project"), temp.resolve("spark"));
    for (String name : List.of("conf", "src/main/shell", "jobs", "target")) {
      Files.createDirectories(made.folder.resolve(name));
    }
    for (String name :
        List.of("submit.sh", "conf/spark-defaults.conf", "src/main/shell/completion.bash")) {
      Files.copy(Path.of(name), made.folder.resolve(name));
    }
    for (String name : List.of("conf/reference.conf", "pom.xml", "target/diffusion-prior.jar")) {
      Files.writeString(made.folder.resolve(name), "");
    }
    made.script("spark/bin/spark-submit", "printf '<%s>' \"$@\"\necho\nexit ${FAKE_STATUS:-0}\n");
    return made;
  }

  /** Writes an executable beside the project and returns it. */
  Path script(String name, String body) throws IOException {
    Path script = folder.resolveSibling(name);
    Files.createDirectories(script.getParent());
    Files.writeString(script, "#!/usr/bin/env bash\n" + body);
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  /** Runs a line of bash in the project's folder. */
  Ended bash(String line, Map<String, String> environment)
      throws IOException, InterruptedException {
    return ended(new ProcessBuilder("bash", "-c", line), environment);
  }

  /** Runs submit.sh with a Spark whose jobs end with a status. */
  Ended submit(int status, String... arguments) throws IOException, InterruptedException {
    String[] words = {"bash", "submit.sh"};
    String[] command = Arrays.copyOf(words, words.length + arguments.length);
    System.arraycopy(arguments, 0, command, words.length, arguments.length);
    return ended(new ProcessBuilder(command), Map.of("FAKE_STATUS", Integer.toString(status)));
  }

  private Ended ended(ProcessBuilder builder, Map<String, String> environment)
      throws IOException, InterruptedException {
    builder.environment().put("SPARK_HOME", spark.toString());
    builder.environment().remove("SPARK_CONF_DIR");
    builder.environment().remove("JAVA_HOME");
    builder.environment().putAll(environment);
    Process process = builder.directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}
