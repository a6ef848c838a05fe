package prior.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/** Files made by hand, and the file system they are read from. */
final class Bytes {
  private Bytes() {}

  /** The local file system, less the process it starts to set each file's permissions. */
  static LocalFileSystem local() {
    LocalFileSystem fs = new LocalFileSystem(new WithoutPermissions());
    try {
      fs.initialize(URI.create("file:///"), new Configuration(false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return fs;
  }

  static Location at(FileSystem fs, Path file) {
    return new HadoopLocation(fs, new org.apache.hadoop.fs.Path(file.toUri()));
  }

  /** A safetensors file of any header text, true or not. */
  static Path safetensors(Path file, String header, int dataBytes) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return safetensors(file, text.length, text, new byte[dataBytes]);
  }

  static Path safetensors(Path file, long headerBytes, byte[] header, byte[] data)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + data.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(headerBytes).put(header).put(data);
    return Files.write(file, bytes.array());
  }

  private static final class WithoutPermissions extends RawLocalFileSystem {
    @Override
    public void setPermission(org.apache.hadoop.fs.Path file, FsPermission permission) {}
  }
}
