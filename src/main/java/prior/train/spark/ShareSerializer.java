package prior.train.spark;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import prior.train.Floats;
import scala.reflect.ClassTag;

/**
 * Shares in shuffle files as bare numbers: a mark, chunk, worker, examples, floats. Java's own
 * streams move a kilobyte at a time, which from an uncompressed file is a call of the operating
 * system each.
 */
final class ShareSerializer extends Serializer implements Serializable {
  private static final long serialVersionUID = 1;

  /** Before each share, so that an end within one is told from the end of all. */
  private static final byte SHARE = 1;

  @Override
  public SerializerInstance newInstance() {
    return new Instance();
  }

  /** No share's bytes depend on those before, so Spark may sort them unread. */
  @Override
  public boolean supportsRelocationOfSerializedObjects() {
    return true;
  }

  /** Work on a stream. */
  private interface Work {
    void run() throws IOException;
  }

  private static void attempt(Work work) {
    try {
      work.run();
    } catch (IOException e) {
      throw unannounced(e);
    }
  }

  /** Spark's methods announce no exceptions, being Scala's, and its callers expect these. */
  @SuppressWarnings("unchecked")
  private static <E extends Exception> RuntimeException unannounced(IOException e) throws E {
    throw (E) e;
  }

  private static final class Instance extends SerializerInstance {
    @Override
    public <T> ByteBuffer serialize(T share, ClassTag<T> type) {
      throw new UnsupportedOperationException("Shares are serialised in streams");
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassTag<T> type) {
      throw new UnsupportedOperationException("Shares are serialised in streams");
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassLoader loader, ClassTag<T> type) {
      throw new UnsupportedOperationException("Shares are serialised in streams");
    }

    @Override
    public SerializationStream serializeStream(OutputStream out) {
      return new Writing(out);
    }

    @Override
    public DeserializationStream deserializeStream(InputStream in) {
      return new Reading(in);
    }
  }

  private static final class Writing extends SerializationStream {
    private final DataOutputStream out;

    Writing(OutputStream out) {
      this.out = new DataOutputStream(out);
    }

    /** Nothing: a share holds its place, which is its key. */
    @Override
    public <T> SerializationStream writeKey(T place, ClassTag<T> type) {
      return this;
    }

    @Override
    public <T> SerializationStream writeObject(T object, ClassTag<T> type) {
      Share share = (Share) object;
      attempt(
          () -> {
            out.writeByte(SHARE);
            out.writeInt(share.place().chunk());
            out.writeInt(share.place().worker());
            out.writeLong(share.examples());
            share.numbers().write(out);
          });
      return this;
    }

    @Override
    public void flush() {
      attempt(out::flush);
    }

    @Override
    public void close() {
      attempt(out::close);
    }
  }

  private static final class Reading extends DeserializationStream {
    private final DataInputStream in;
    private Share read;

    Reading(InputStream in) {
      this.in = new DataInputStream(in);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T readKey(ClassTag<T> type) {
      read = next();
      return (T) read.place();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T readValue(ClassTag<T> type) {
      return (T) read;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T readObject(ClassTag<T> type) {
      return (T) next();
    }

    /** An EOFException tells Spark that all shares were read; one cut short must not look so. */
    private Share next() {
      Share[] next = new Share[1];
      attempt(
          () -> {
            in.readByte();
            try {
              Share.Place place = new Share.Place(in.readInt(), in.readInt());
              next[0] = new Share(place, in.readLong(), Floats.read(in));
            } catch (EOFException e) {
              throw new IOException("Cannot read a worker's share: its bytes are cut short", e);
            }
          });
      return next[0];
    }

    @Override
    public void close() {
      attempt(in::close);
    }
  }
}
