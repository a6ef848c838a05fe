package prior.parity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.*;
import java.util.*;

/** temporary */
final class Tensors {
  record T(String dtype, long[] shape, double[] values) {
    float[] floats() { float[] f = new float[values.length]; for (int i = 0; i < f.length; i++) f[i] = (float) values[i]; return f; }
  }
  static Map<String, T> read(Path file) throws Exception {
    ByteBuffer b = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int n = (int) b.getLong();
    byte[] h = new byte[n]; b.get(h);
    JsonNode json = new ObjectMapper().readTree(h);
    Map<String, T> out = new LinkedHashMap<>();
    json.fields().forEachRemaining(e -> {
      if (e.getKey().equals("__metadata__")) return;
      JsonNode v = e.getValue();
      int at = 8 + n + v.path("data_offsets").path(0).asInt();
      long[] shape = new long[v.path("shape").size()]; int len = 1;
      for (int i = 0; i < shape.length; i++) { shape[i] = v.path("shape").path(i).asLong(); len *= shape[i]; }
      double[] values = new double[len];
      String d = v.path("dtype").asText();
      for (int i = 0; i < len; i++) values[i] = switch (d) { case "F32" -> b.getFloat(at + 4 * i); case "I64" -> b.getLong(at + 8 * i); case "U8" -> b.get(at + i); default -> throw new IllegalStateException(d); };
      out.put(e.getKey(), new T(d, shape, values));
    });
    return out;
  }
}
