package prior.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GPU as the driver's own tool tells of it: ND4J cannot be asked, since it fails where it meets a
 * card that it has no machine code for.
 */
public record Card(String name, int major, int minor) {
  private static final String CUDA = "org.nd4j.linalg.jcublas.JCublasBackend";

  /** nd4j-cuda-11.6 1.0.0-M2.1 holds code for 3.7 to 8.6 and none that a newer card translates. */
  private static final int OLDEST = 37;

  private static final int NEWEST = 89;
  private static final Pattern LINE = Pattern.compile("(.*),\\s*(\\d+)\\.(\\d+)\\s*");

  /** Whether the jar was built with -Dcuda, and so holds ND4J's library for GPUs and no other. */
  public static boolean libraryIsHere() {
    try {
      Class.forName(CUDA, false, Card.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** The card at an address; empty where the tool is missing or tells nothing of it. */
  public static Optional<Card> at(String address) {
    try {
      Process tool =
          new ProcessBuilder(
                  "nvidia-smi",
                  "--query-gpu=name,compute_cap",
                  "--format=csv,noheader",
                  "--id=" + address)
              .redirectErrorStream(true)
              .start();
      String told = new String(tool.getInputStream().readAllBytes(), UTF_8);
      tool.waitFor(10, TimeUnit.SECONDS);
      return parse(told);
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Of a line such as {@code NVIDIA A10, 8.6}. */
  public static Optional<Card> parse(String told) {
    Matcher line = LINE.matcher(told.strip());
    return line.matches()
        ? Optional.of(
            new Card(
                line.group(1), Integer.parseInt(line.group(2)), Integer.parseInt(line.group(3))))
        : Optional.empty();
  }

  /** Whether ND4J has machine code for it. */
  public boolean supported() {
    int capability = 10 * major + minor;
    return capability >= OLDEST && capability <= NEWEST;
  }

  @Override
  public String toString() {
    return "%s (compute capability %d.%d)".formatted(name, major, minor);
  }
}
