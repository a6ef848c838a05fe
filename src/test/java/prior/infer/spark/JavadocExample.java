package prior.infer.spark;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/** The method in a class's Javadoc, compiled and called as it stands there. */
final class JavadocExample {
  private static final Pattern CODE = Pattern.compile("<pre>\\{@code\n(.*?)\n \\* }</pre>", 32);

  private JavadocExample() {}

  /** Its text. */
  static String of(Class<?> described) throws IOException {
    String file = "src/main/java/" + described.getName().replace('.', '/') + ".java";
    Matcher code = CODE.matcher(Files.readString(Path.of(file)));
    if (!code.find()) {
      throw new AssertionError("no example in " + file);
    }
    return code.group(1).lines().map(l -> l.substring(3)).collect(Collectors.joining("\n"));
  }

  /**
   * Calls it.
   *
   * @param run what stands for "RUN"
   */
  static Object call(Class<?> described, Path folder, String run, Object... arguments)
      throws Exception {
    Path source = folder.resolve("Example.java");
    Files.writeString(
        source,
        "import org.apache.spark.sql.*;\nimport %s;\npublic class Example {\npublic static %s\n}\n"
            .formatted(described.getName(), of(described).replace("\"RUN\"", '"' + run + '"')));
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-classpath",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());
    if (failed != 0) {
      throw new AssertionError("the example does not compile");
    }
    try (URLClassLoader classes =
        new URLClassLoader(
            new URL[] {folder.toUri().toURL()}, JavadocExample.class.getClassLoader())) {
      return Arrays.stream(classes.loadClass("Example").getMethods())
          .filter(method -> method.getName().equals("images"))
          .findFirst()
          .orElseThrow()
          .invoke(null, arguments);
    }
  }
}
