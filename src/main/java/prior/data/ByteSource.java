package prior.data;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Bytes of known number that can be read from any position; cheapest when read in order. */
public interface ByteSource extends Closeable {
  /** What messages call it. */
  String name();

  long length() throws IOException;

  /** Reads exactly {@code count} bytes or fails. */
  void readFully(long position, byte[] into, int from, int count) throws IOException;

  /** A local file. */
  static ByteSource of(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file);
    return new ByteSource() {
      @Override
      public String name() {
        return file.toString();
      }

      @Override
      public long length() throws IOException {
        return channel.size();
      }

      @Override
      public void readFully(long position, byte[] into, int from, int count) throws IOException {
        ByteBuffer target = ByteBuffer.wrap(into, from, count);
        while (target.hasRemaining()) {
          if (channel.read(target, position + target.position() - from) < 0) {
            throw new EOFException("the file ends at byte " + channel.size());
          }
        }
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }
}
