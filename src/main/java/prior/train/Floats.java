package prior.train;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An array of floats that is serialised as blocks of bytes: Java's own form of a float array is
 * several times slower, and a round moves every worker's whole state.
 */
public final class Floats implements Externalizable {
  private static final long serialVersionUID = 1;
  private static final int BLOCK = 1 << 18;

  private float[] values;

  /** For deserialisation. */
  public Floats() {}

  /** Takes the array over without a copy. */
  public Floats(float[] values) {
    this.values = values;
  }

  /** The array itself. */
  public float[] values() {
    return values;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(values.length);
    byte[] bytes = new byte[Float.BYTES * Math.min(BLOCK, values.length)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += BLOCK) {
      int count = Math.min(BLOCK, values.length - from);
      buffer.asFloatBuffer().put(values, from, count);
      out.write(bytes, 0, Float.BYTES * count);
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    values = new float[in.readInt()];
    byte[] bytes = new byte[Float.BYTES * Math.min(BLOCK, values.length)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += BLOCK) {
      int count = Math.min(BLOCK, values.length - from);
      in.readFully(bytes, 0, Float.BYTES * count);
      buffer.asFloatBuffer().get(values, from, count);
    }
  }
}
