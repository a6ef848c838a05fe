package prior.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import prior.data.ByteSource;
import prior.data.DataFaults;

/**
 * Reads a safetensors file (8 bytes of header length, a JSON header, numbers), one tensor at a
 * time. Nothing the header says is believed before it is checked against the file's length.
 *
 * <p>Fails with a {@link prior.fault.UserFault}: data that is not as it should be names file,
 * tensor, what was expected and what was found; a file system's failure names the file.
 *
 * @see <a href="https://github.com/huggingface/safetensors">the format</a>
 */
public final class SafetensorsReader implements Closeable {
  private static final int PREFIX = 8;
  private static final long LONGEST_HEADER = 100_000_000;

  private final ByteSource source;
  private final long dataStart;
  private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
  private final Map<String, String> metadata;

  private SafetensorsReader(ByteSource source) throws IOException {
    this.source = source;
    int headerBytes = headerBytes(source);
    byte[] text = new byte[headerBytes];
    source.readFully(PREFIX, text, 0, headerBytes);
    SafetensorsHeader header = SafetensorsHeader.parse(source.name(), text);
    this.dataStart = PREFIX + (long) headerBytes;
    this.metadata = Map.copyOf(header.metadata());
    new TensorPlacement(source.name(), source.length() - dataStart)
        .check(header.tensors().values())
        .forEach(entry -> entries.put(entry.name(), entry));
  }

  /** Opens a file and checks its header. */
  public static SafetensorsReader open(Location file) {
    try {
      return open(file.open());
    } catch (IOException e) {
      throw DataFaults.storage("open", file.toString(), e);
    }
  }

  /** Checks the header of an open source, which the reader closes with itself, or on failure. */
  public static SafetensorsReader open(ByteSource source) {
    try {
      return new SafetensorsReader(source);
    } catch (IOException e) {
      closeAfter(e, source);
      throw DataFaults.storage("read", source.name(), e);
    } catch (RuntimeException e) {
      closeAfter(e, source);
      throw e;
    }
  }

  /** The tensors in the order of their bytes. */
  public List<TensorEntry> entries() {
    return List.copyOf(entries.values());
  }

  /** The header's free text by key; empty if it has none. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** A tensor of F32, F16, BF16 or F64 (rounded) as float32. */
  public Tensor tensor(String name) {
    return new Tensor(name, entry(name).dimensions(), floats(name));
  }

  /** All tensors as {@link #tensor} gives them, in the order of their bytes. */
  public List<Tensor> tensors() {
    List<Tensor> tensors = new ArrayList<>();
    for (String name : entries.keySet()) {
      tensors.add(tensor(name));
    }
    return tensors;
  }

  /** Values of an F32, F16, BF16 or F64 (rounded) tensor, row-major. */
  public float[] floats(String name) {
    TensorEntry entry = entry(name, true);
    float[] values = new float[entry.count()];
    forEachChunk(entry, (chunk, from) -> NumberFormat.floats(entry.type(), chunk, values, from));
    return values;
  }

  /** Values of a tensor of whole numbers or truth values (0 and 1), row-major. */
  public long[] longs(String name) {
    TensorEntry entry = entry(name, false);
    long[] values = new long[entry.count()];
    forEachChunk(entry, (chunk, from) -> NumberFormat.longs(entry.type(), chunk, values, from));
    return values;
  }

  /** What the header says of a tensor that must be there. */
  public TensorEntry entry(String name) {
    TensorEntry entry = entries.get(name);
    if (entry == null) {
      throw DataFaults.unreadable(
          source.name(), "a tensor is missing", name, entries.size() + " others");
    }
    return entry;
  }

  @Override
  public void close() {
    try {
      source.close();
    } catch (IOException e) {
      throw DataFaults.storage("close", source.name(), e);
    }
  }

  private static int headerBytes(ByteSource source) throws IOException {
    long length = source.length();
    byte[] prefix = new byte[PREFIX];
    if (length < PREFIX) {
      throw DataFaults.unreadable(
          source.name(), "too short for a safetensors file", "8 bytes or more", length);
    }
    source.readFully(0, prefix, 0, PREFIX);
    long bytes = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long most = Math.min(LONGEST_HEADER, length - PREFIX);
    if (bytes < 0 || bytes > most) {
      throw DataFaults.unreadable(
          source.name(),
          "the header's length is impossible",
          "at most " + most + " bytes",
          Long.toUnsignedString(bytes));
    }
    return (int) bytes;
  }

  private TensorEntry entry(String name, boolean real) {
    TensorEntry entry = entry(name);
    if (entry.type().real() != real) {
      throw DataFaults.unreadable(
          Shown.tensor(source.name(), name),
          "the type is another kind of number",
          real ? "F32, F16, BF16 or F64" : "whole numbers",
          entry.type());
    }
    return entry;
  }

  private void forEachChunk(TensorEntry entry, NumberFormat.Chunks chunks) {
    try {
      NumberFormat.read(source, dataStart + entry.begin(), entry, chunks);
    } catch (IOException e) {
      throw DataFaults.storage("read", Shown.tensor(source.name(), entry.name()), e);
    }
  }

  private static void closeAfter(Exception failure, ByteSource source) {
    try {
      source.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
