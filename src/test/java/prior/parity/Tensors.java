package prior.parity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import prior.checkpoint.SafetensorsReader;
import prior.checkpoint.TensorEntry;
import prior.data.ByteSource;

/** The tensors of a golden file, in memory. */
final class Tensors {
  private Tensors() {}

  /**
   * One tensor.
   *
   * @param values integers and masks as the reals they stand for
   */
  @SuppressWarnings("ArrayRecordComponent")
  record T(long[] shape, double[] values) {
    float[] floats() {
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      return floats;
    }
  }

  static Map<String, T> read(Path file) throws IOException {
    Map<String, T> tensors = new LinkedHashMap<>();
    try (SafetensorsReader reader = SafetensorsReader.open(ByteSource.of(file))) {
      for (TensorEntry entry : reader.entries()) {
        tensors.put(entry.name(), new T(entry.dimensions(), values(reader, entry)));
      }
    }
    return tensors;
  }

  private static double[] values(SafetensorsReader reader, TensorEntry entry) {
    double[] values = new double[entry.count()];
    if (entry.type().real()) {
      float[] reals = reader.floats(entry.name());
      for (int i = 0; i < values.length; i++) {
        values[i] = reals[i];
      }
    } else {
      long[] integers = reader.longs(entry.name());
      for (int i = 0; i < values.length; i++) {
        values[i] = integers[i];
      }
    }
    return values;
  }
}
