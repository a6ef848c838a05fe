package prior.model;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Bulk copies between Java arrays and contiguous float32 arrays of ND4J, whose own conversions go
 * element by element.
 */
public final class HostMemory {
  private HostMemory() {}

  /** Copies {@code into.length} elements, from the {@code from}-th on. */
  public static void read(INDArray array, long from, float[] into) {
    read(array, from, into, 0, into.length);
  }

  /** Copies {@code count} elements, from the {@code from}-th on, to {@code into[at ..]}. */
  public static void read(INDArray array, long from, float[] into, int at, int count) {
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    buffer(array, from).get(into, at, count);
  }

  /** Copies all elements. */
  public static float[] read(INDArray array) {
    float[] values = new float[Math.toIntExact(array.length())];
    read(array, 0, values);
    return values;
  }

  /** Overwrites the first {@code values.length} elements. */
  public static void write(float[] values, INDArray array) {
    write(values, values.length, array, 0);
  }

  /** Overwrites the first {@code count} elements with {@code values[at ..]}. */
  public static void write(float[] values, int at, int count, INDArray array) {
    write(values, at, count, array, 0);
  }

  /** Overwrites {@code count} elements, from the {@code to}-th on, with {@code values[at ..]}. */
  static void write(float[] values, int at, int count, INDArray array, long to) {
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    buffer(array, to).put(values, at, count);
    Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
  }

  /** Overwrites {@code count} elements from the {@code from}-th on, of float32 or double. */
  static void write(float[] values, int count, INDArray array, long from) {
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    if (array.dataType() == DataType.DOUBLE) {
      DoubleBuffer doubles = array.data().asNioDouble();
      int start = Math.toIntExact(doubles.position() + from);
      for (int i = 0; i < count; i++) {
        doubles.put(start + i, values[i]);
      }
    } else {
      buffer(array, from).put(values, 0, count);
    }
    Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
  }

  private static FloatBuffer buffer(INDArray array, long from) {
    FloatBuffer all = array.data().asNioFloat();
    return all.position(Math.toIntExact(all.position() + from));
  }
}
