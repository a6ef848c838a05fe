package prior.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.shade.jackson.databind.json.JsonMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Writes tensors as a safetensors file of F32, in the order given. The same tensors and metadata
 * make the same bytes.
 */
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 8;
  private static final int BUFFER = 1 << 16;
  private static final JsonMapper JSON = new JsonMapper();

  private SafetensorsWriter() {}

  /**
   * Writes the whole file and leaves the stream open.
   *
   * @param metadata free text for the header, written in the order of its keys
   * @throws IllegalArgumentException if two tensors have one name
   */
  public static void write(OutputStream out, List<Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    byte[] header = header(tensors, metadata);
    ByteBuffer prefix = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(prefix.putLong(header.length).array());
    out.write(header);
    byte[] buffer = new byte[BUFFER];
    for (Tensor tensor : tensors) {
      writeValues(out, tensor.values(), buffer);
    }
  }

  private static byte[] header(List<Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = header.putObject(SafetensorsHeader.METADATA);
      new TreeMap<>(metadata).forEach(texts::put);
    }
    long begin = 0;
    for (Tensor tensor : tensors) {
      if (header.has(tensor.name()) || tensor.name().equals(SafetensorsHeader.METADATA)) {
        throw new IllegalArgumentException(
            "Cannot write tensors: expected each name once, found " + tensor.name() + " again");
      }
      long end = begin + (long) Float.BYTES * tensor.values().length;
      describe(header.putObject(tensor.name()), tensor, begin, end);
      begin = end;
    }
    return padded(JSON.writeValueAsBytes(header));
  }

  private static void describe(ObjectNode entry, Tensor tensor, long begin, long end) {
    entry.put("dtype", TensorType.F32.name());
    Arrays.stream(tensor.shape()).forEach(entry.putArray("shape")::add);
    entry.putArray("data_offsets").add(begin).add(end);
  }

  /** Blanks behind the JSON, so that the numbers start at a multiple of their size. */
  private static byte[] padded(byte[] json) {
    int length = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] header = Arrays.copyOf(json, length);
    Arrays.fill(header, json.length, length, (byte) ' ');
    return header;
  }

  private static void writeValues(OutputStream out, float[] values, byte[] buffer)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
    int most = buffer.length / Float.BYTES;
    for (int from = 0; from < values.length; from += most) {
      int count = Math.min(most, values.length - from);
      bytes.asFloatBuffer().put(values, from, count);
      out.write(buffer, 0, count * Float.BYTES);
    }
  }
}
