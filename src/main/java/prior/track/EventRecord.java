package prior.track;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.CodedOutputStream;
import org.nd4j.shade.protobuf.WireFormat;
import org.tensorflow.framework.Summary;

/**
 * One record of TensorBoard's event files: TensorFlow's {@code Event} message (event.proto) in a
 * TFRecord frame: length (8 bytes, little-endian), its masked CRC32C (4), the message, its masked
 * CRC32C (4). ND4J brings TensorFlow's {@code Summary} but not {@code Event}, of which this knows
 * the fields that scalars need.
 */
final class EventRecord {
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;
  private static final byte[] START = {0x08, 0x01}; // SessionLog { status = START }
  private static final int MASK = 0xa282ead8;
  private static final int FRAME = 16;

  private EventRecord() {}

  /** What every file begins with. */
  static byte[] version(long millis) {
    return record(millis, 0, out -> out.writeString(FILE_VERSION, "brain.Event:2"));
  }

  /** Tells readers to forget what they know of this step and later ones. */
  static byte[] restart(long millis, long step) {
    return record(millis, step, out -> out.writeByteArray(SESSION_LOG, START));
  }

  /** One scalar for each value. */
  static byte[] scalars(Measurement measured) {
    Summary.Builder summary = Summary.newBuilder();
    measured
        .values()
        .forEach(
            (tag, value) ->
                summary.addValueBuilder().setTag(tag).setSimpleValue(value.floatValue()));
    return record(
        measured.millis(), measured.step(), out -> out.writeMessage(SUMMARY, summary.build()));
  }

  @FunctionalInterface
  private interface What {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] record(long millis, long step, What what) {
    try {
      ByteArrayOutputStream event = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(event);
      out.writeDouble(WALL_TIME, millis / 1e3);
      if (step != 0) { // as protobuf leaves defaults out
        out.writeInt64(STEP, step);
      }
      what.write(out);
      out.flush();
      return framed(event.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] framed(byte[] event) {
    ByteBuffer record = ByteBuffer.allocate(event.length + FRAME).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(event.length);
    record.putInt(checksum(record.array(), Long.BYTES));
    record.put(event);
    record.putInt(checksum(event, event.length));
    return record.array();
  }

  /** CRC32C, rotated and shifted, as TensorFlow masks it. */
  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  /**
   * A record's size and step.
   *
   * @param bytes of the whole frame
   */
  record Read(long bytes, long step) {}

  /** The next record; null where there is none, or none that is whole. */
  static Read read(DataInputStream in) throws IOException {
    byte[] head = new byte[Long.BYTES + Integer.BYTES];
    try {
      in.readFully(head);
      ByteBuffer known = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
      long length = known.getLong();
      if (known.getInt() != checksum(head, Long.BYTES)) {
        return null;
      }
      byte[] event = new byte[Math.toIntExact(length)];
      in.readFully(event);
      boolean whole = Integer.reverseBytes(in.readInt()) == checksum(event, event.length);
      return whole ? new Read(length + FRAME, step(event)) : null;
    } catch (EOFException e) {
      return null;
    }
  }

  private static long step(byte[] event) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(event);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == STEP) {
        return in.readInt64();
      }
      in.skipField(tag);
    }
    return 0;
  }
}
