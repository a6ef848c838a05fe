package prior.model;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A contiguous float32 array in host memory, read and written in blocks small enough for the
 * processor's cache: loops over Java arrays are vectorised, loops over foreign memory are not.
 */
final class HostVector {
  /** Elements of a block. */
  static final int BLOCK = 1 << 11;

  private final FloatBuffer floats;
  private final int start;

  HostVector(INDArray array) {
    this.floats = array.data().asNioFloat();
    this.start = floats.position();
  }

  void get(int from, float[] into, int count) {
    floats.get(start + from, into, 0, count);
  }

  void put(int from, float[] values, int count) {
    floats.put(start + from, values, 0, count);
  }
}
