package prior.checkpoint;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import prior.data.DataFaults;
import prior.fault.UserFault;

/** Files written and read back with their length and SHA-256. */
final class CheckedFiles {
  private static final int BUFFER = 1 << 20;
  private static final int LONGEST_TEXT = 16 << 20;

  private CheckedFiles() {}

  /** Writes a file's content. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes and, where the file system can, forces the bytes to its disks. */
  static Manifest.Entry write(FileSystem fs, Path file, Content content) throws IOException {
    MessageDigest digest = sha256();
    try (FSDataOutputStream stored = fs.create(file, true)) {
      OutputStream out = new BufferedOutputStream(new DigestOutputStream(stored, digest), BUFFER);
      content.writeTo(out);
      out.flush();
      if (stored.hasCapability(StreamCapabilities.HSYNC)) {
        stored.hsync();
      }
      return new Manifest.Entry(stored.getPos(), HexFormat.of().formatHex(digest.digest()));
    }
  }

  /** A text file's bytes, at most 16 MiB. */
  static byte[] bytes(FileSystem fs, Path file) throws IOException {
    try (InputStream in = fs.open(file)) {
      byte[] bytes = in.readNBytes(LONGEST_TEXT + 1);
      if (bytes.length > LONGEST_TEXT) {
        throw DataFaults.unreadable(
            file.toString(), "too long", "at most " + LONGEST_TEXT + " bytes", "more");
      }
      return bytes;
    }
  }

  /** A text file's bytes, being those the manifest lists. */
  static byte[] bytes(FileSystem fs, Path file, Manifest.Entry listed) throws IOException {
    checkLength(fs, file, listed);
    byte[] bytes = bytes(fs, file);
    checkDigest(file, listed, sha256().digest(bytes));
    return bytes;
  }

  static void checkLength(FileSystem fs, Path file, Manifest.Entry listed) throws IOException {
    long length = fs.getFileStatus(file).getLen();
    if (length != listed.bytes()) {
      throw DataFaults.unreadable(
          file.toString(), "another length", listed.bytes() + " bytes", length);
    }
  }

  /** Reads the whole file and compares it with the manifest. */
  static void check(FileSystem fs, Path file, Manifest.Entry listed) throws IOException {
    checkLength(fs, file, listed);
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = fs.open(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    checkDigest(file, listed, digest.digest());
  }

  /** What was lost or damaged is the data's fault, anything else the storage's. */
  static UserFault fault(Path file, IOException e) {
    if (e instanceof FileNotFoundException) {
      return DataFaults.unreadable(file.toString(), "a file is missing", file.getName(), "none");
    }
    if (e instanceof ChecksumException || e instanceof EOFException) {
      return DataFaults.unreadable(
          file.toString(), "it is damaged", "whole bytes", Shown.text(e.getMessage()));
    }
    return DataFaults.storage("read", file.toString(), e);
  }

  private static void checkDigest(Path file, Manifest.Entry listed, byte[] digest) {
    String found = HexFormat.of().formatHex(digest);
    if (!found.equals(listed.sha256())) {
      throw DataFaults.unreadable(file.toString(), "another SHA-256", listed.sha256(), found);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
