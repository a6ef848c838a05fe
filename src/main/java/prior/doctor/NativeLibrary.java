package prior.doctor;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.fault.UserFault;

/** ND4J's machine code can be loaded, and multiplies. */
final class NativeLibrary {
  private static final String SUBJECT = "native";

  private NativeLibrary() {}

  static Finding finding() {
    try {
      return product(
          Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}),
          Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}, {1, -1}}),
          Nd4j.createFromArray(new float[][] {{4, -1}, {10, -1}}));
    } catch (LinkageError | RuntimeException e) {
      return failed(root(e).toString());
    }
  }

  /** Compares {@code left [n][k]} times {@code right [k][m]} with what it is. */
  static Finding product(INDArray left, INDArray right, INDArray expected) {
    INDArray found = left.mmul(right);
    return found.equals(expected)
        ? Finding.ok(SUBJECT, "ND4J's " + Nd4j.getBackend().getClass().getSimpleName())
        : failed("%s times %s is %s".formatted(left, right, found));
  }

  private static Finding failed(String found) {
    String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    return Finding.fix(
        SUBJECT,
        UserFault.resources(
            "expected ND4J to load and multiply on %s, found %s; build the jar for this platform"
                    .formatted(platform, found)
                + " (src/docs/platforms.md) and leave ~/.javacpp writable and executable"));
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }
}
