package prior.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
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
    write(out, tensors, metadata, tensor -> Precision.FP32);
  }

  /** The same with a precision for each tensor. */
  public static void write(
      OutputStream out,
      List<Tensor> tensors,
      Map<String, String> metadata,
      Function<Tensor, Precision> precision)
      throws IOException {
    byte[] header = header(tensors, metadata, precision);
    ByteBuffer prefix = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(prefix.putLong(header.length).array());
    out.write(header);
    byte[] buffer = new byte[BUFFER];
    for (Tensor tensor : tensors) {
      writeValues(out, tensor, precision.apply(tensor), buffer);
    }
  }

  private static byte[] header(
      List<Tensor> tensors, Map<String, String> metadata, Function<Tensor, Precision> precision)
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
      TensorType type = precision.apply(tensor).type();
      long end = begin + (long) type.bytes() * tensor.values().length;
      describe(header.putObject(tensor.name()), type, tensor.shape(), begin, end);
      begin = end;
    }
    return padded(JSON.writeValueAsBytes(header));
  }

  private static void describe(
      ObjectNode entry, TensorType type, long[] shape, long begin, long end) {
    entry.put("dtype", type.name());
    Arrays.stream(shape).forEach(entry.putArray("shape")::add);
    entry.putArray("data_offsets").add(begin).add(end);
  }

  /** Blanks behind the JSON, so that the numbers start at a multiple of their size. */
  private static byte[] padded(byte[] json) {
    int length = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] header = Arrays.copyOf(json, length);
    Arrays.fill(header, json.length, length, (byte) ' ');
    return header;
  }

  private static void writeValues(
      OutputStream out, Tensor tensor, Precision precision, byte[] buffer) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
    int length = tensor.values().length;
    int most = buffer.length / precision.type().bytes();
    for (int from = 0; from < length; from += most) {
      int count = Math.min(most, length - from);
      precision.put(tensor, from, count, bytes.clear());
      out.write(buffer, 0, count * precision.type().bytes());
    }
  }
}
