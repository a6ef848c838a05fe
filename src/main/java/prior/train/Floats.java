package prior.train;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Floats of an array, or of a part of one, that are serialised as blocks of bytes: Java's own form
 * of a float array is several times slower, and a round moves every worker's whole state.
 */
public final class Floats implements Externalizable {
  private static final long serialVersionUID = 2;

  /** Elements: a block stays in the processor's cache. */
  private static final int BLOCK = 1 << 14;

  private float[] array;
  private int from;
  private int count;

  /** For deserialisation. */
  public Floats() {}

  /** All of an array, which is not copied. */
  public Floats(float[] array) {
    this(array, 0, array.length);
  }

  /** Elements {@code from} to {@code from + count}, exclusive, of an array, which is not copied. */
  public Floats(float[] array, int from, int count) {
    this.array = array;
    this.from = from;
    this.count = count;
  }

  /** The array that holds them. */
  public float[] array() {
    return array;
  }

  /** Where they begin in the array. */
  public int from() {
    return from;
  }

  /** How many they are. */
  public int count() {
    return count;
  }

  /** Writes their number, then them; {@link #read} reads it back. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(count);
    byte[] bytes = new byte[Float.BYTES * Math.min(BLOCK, count)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < count; done += BLOCK) {
      int length = Math.min(BLOCK, count - done);
      buffer.asFloatBuffer().put(array, from + done, length);
      out.write(bytes, 0, Float.BYTES * length);
    }
  }

  /** Reads what was written, into an array of its own. */
  public static Floats read(DataInput in) throws IOException {
    float[] array = new float[in.readInt()];
    byte[] bytes = new byte[Float.BYTES * Math.min(BLOCK, array.length)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < array.length; done += BLOCK) {
      int length = Math.min(BLOCK, array.length - done);
      in.readFully(bytes, 0, Float.BYTES * length);
      buffer.asFloatBuffer().get(array, done, length);
    }
    return new Floats(array);
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    write(out);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    array = read(in).array;
    from = 0;
    count = array.length;
  }
}
