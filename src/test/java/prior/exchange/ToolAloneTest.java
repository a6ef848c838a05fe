package prior.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tool in a JVM of its own that has what the fat jar holds, and neither Hadoop nor Spark. */
class ToolAloneTest {
  private static final String JARS = ".*/(com/typesafe/config|info/picocli|org/nd4j)/.*";

  @TempDir Path temp;

  private record Ended(int status, String out, String err) {}

  private static String classPath() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(all.split(File.pathSeparator))
        .filter(entry -> entry.endsWith("target/classes") || entry.matches(JARS))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private Ended tool(String... arguments) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java, "-cp", classPath(), "PriorModelTool"));
    command.addAll(List.of(arguments));
    File errors = temp.resolve("errors").toFile();
    Process process = new ProcessBuilder(command).redirectError(errors).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out, Files.readString(errors.toPath()));
  }

  @Test
  void importsDescribesAndExportsLocalFiles() throws Exception {
    Path golden = Exchanges.REFERENCE.resolve("uc_01_base");
    String prior = Exchanges.diffusers(golden, temp.resolve("pipeline")).toString();
    String own = temp.resolve("own").toString();
    Ended imported = tool("import", "--format", "diffusers", "--input", prior, "--output", own);
    assertThat(imported.err()).isEmpty();
    assertThat(imported.out()).startsWith("imported a diffusers prior of ");
    assertThat(tool("describe", "--model", own).out())
        .contains(
            "weights                  online\n",
            "family                   unclip",
            "num_attention_heads      2");
    String back = temp.resolve("back").toString();
    Ended exported =
        tool(
            "export",
            "--format",
            "diffusers",
            "--model",
            own,
            "--weights",
            "online",
            "--dtype",
            "fp32",
            "--output",
            back);
    assertThat(exported.status()).isZero();
    assertThat(Path.of(back, "config.json")).exists();
  }

  @Test
  void describesAModelOfPyTorchAsJson() throws Exception {
    Path golden = Exchanges.REFERENCE.resolve("d2_18_param_average/weights.safetensors");
    assertThat(tool("describe", "--model", golden.toString(), "--json").out())
        .contains("\"format\" : \"dalle2\"", "\"depth\" : 1", "\"F32\" : ", "not_told");
  }

  @Test
  void pathsThatNeedHadoopSayWhoBringsIt() throws Exception {
    Ended ended = tool("describe", "--model", "hdfs://host/run");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err())
        .contains("expected Hadoop on the class path, found none; ./submit.sh brings it");
  }

  @Test
  void argumentsThatAreWrongShowTheSubcommandsOwnUsage() throws Exception {
    Ended ended = tool("import", "--format", "onnx");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains("onnx", "dalle2, diffusers", "Usage: PriorModelTool import");
    assertThat(tool("--help").out()).contains("describe", "import", "export");
    assertThat(tool().err()).contains("expected describe, import or export");
  }
}
