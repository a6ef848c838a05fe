package prior.model;

import java.nio.FloatBuffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A float32 array in host memory, contiguous or of evenly spaced rows, read and written in blocks
 * small enough for the processor's cache: loops over Java arrays are vectorised, loops over foreign
 * memory are not.
 */
final class HostVector {
  /** Elements of a block. */
  static final int BLOCK = 1 << 11;

  private final FloatBuffer floats;
  private final int start;
  private final int rowStride;

  HostVector(INDArray array) {
    this.floats = array.data().asNioFloat();
    this.start = floats.position();
    this.rowStride = array.rank() == 2 ? Math.toIntExact(array.stride(0)) : 0;
  }

  /** Whether arrays lie in memory that Java reads. */
  static boolean reaches() {
    return Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU;
  }

  /** Copies elements into another array. */
  void copy(int from, int count, HostVector into, int at) {
    into.floats.put(into.start + at, floats, start + from, count);
  }

  /** Adds a lane's part of other arrays of the same length, in one pass. */
  void addAll(List<HostVector> others, int from, int to) {
    float[] total = new float[BLOCK];
    float[] part = new float[BLOCK];
    for (int at = from; at < to; at += BLOCK) {
      int count = Math.min(BLOCK, to - at);
      get(at, total, count);
      for (HostVector other : others) {
        other.get(at, part, count);
        add(total, part, count);
      }
      put(at, total, count);
    }
  }

  private static void add(float[] total, float[] part, int count) {
    for (int i = 0; i < count; i++) {
      total[i] += part[i];
    }
  }

  /** Reads a row of a matrix. */
  void getRow(int row, float[] into, int count) {
    get(row * rowStride, into, count);
  }

  /** Writes a row of a matrix. */
  void putRow(int row, float[] values, int count) {
    put(row * rowStride, values, count);
  }

  void get(int from, float[] into, int count) {
    floats.get(start + from, into, 0, count);
  }

  void put(int from, float[] values, int count) {
    floats.put(start + from, values, 0, count);
  }
}
