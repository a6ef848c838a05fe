package prior.checkpoint;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import prior.data.ByteSource;
import prior.data.DataFaults;
import prior.data.PassingFailure;
import prior.fault.UserFault;

/** Files written and read back with their length and SHA-256. */
final class CheckedFiles {
  private static final int BUFFER = 1 << 20;
  private static final int LONGEST_TEXT = 16 << 20;

  /**
   * What S3A throws, whose jar need not be there, for a file that is another than it was opened.
   */
  private static final String REPLACED = "RemoteFileChangedException";

  private static final int ATTEMPTS = 4;

  private CheckedFiles() {}

  static Manifest.Entry write(Location file, Location.Content content) throws IOException {
    MessageDigest digest = sha256();
    long bytes =
        file.write(
            stored -> {
              digest.reset(); // for this may be another attempt
              OutputStream out =
                  new BufferedOutputStream(new DigestOutputStream(stored, digest), BUFFER);
              content.writeTo(out);
              out.flush();
            });
    return new Manifest.Entry(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  /** A text file's bytes, at most 16 MiB; the new ones where it is replaced meanwhile. */
  static byte[] bytes(Location file) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return bytesNow(file);
      } catch (IOException e) {
        if (attempt == ATTEMPTS || !REPLACED.equals(e.getClass().getSimpleName())) {
          throw e;
        }
      }
    }
  }

  private static byte[] bytesNow(Location file) throws IOException {
    try (ByteSource source = file.open()) {
      if (source.length() > LONGEST_TEXT) {
        throw DataFaults.unreadable(
            file.toString(), "too long", "at most " + LONGEST_TEXT + " bytes", source.length());
      }
      byte[] bytes = new byte[(int) source.length()];
      source.readFully(0, bytes, 0, bytes.length);
      return bytes;
    }
  }

  /** A text file's bytes, being those the manifest lists. */
  static byte[] bytes(Location file, Manifest.Entry listed) throws IOException {
    checkLength(file, listed);
    byte[] bytes = bytes(file);
    checkDigest(file, listed, sha256().digest(bytes));
    return bytes;
  }

  static void checkLength(Location file, Manifest.Entry listed) throws IOException {
    long length = file.length();
    if (length != listed.bytes()) {
      throw DataFaults.unreadable(
          file.toString(), "another length", listed.bytes() + " bytes", length);
    }
  }

  /** Reads the whole file and compares it with the manifest. */
  static void check(Location file, Manifest.Entry listed) throws IOException {
    checkLength(file, listed);
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER];
    try (ByteSource source = file.open()) {
      for (long done = 0; done < listed.bytes(); done += buffer.length) {
        int count = (int) Math.min(buffer.length, listed.bytes() - done);
        source.readFully(done, buffer, 0, count);
        digest.update(buffer, 0, count);
      }
    }
    checkDigest(file, listed, digest.digest());
  }

  /** What was lost or damaged is the data's fault, anything else the storage's. */
  static UserFault fault(Location file, IOException e) {
    if (e instanceof FileNotFoundException) {
      return DataFaults.unreadable(file.toString(), "a file is missing", file.name(), "none");
    }
    if (e instanceof DamagedFileException || (e instanceof EOFException && !PassingFailure.is(e))) {
      return DataFaults.unreadable(
          file.toString(), "it is damaged", "whole bytes", Shown.text(e.getMessage()));
    }
    return DataFaults.storage("read", file.toString(), e);
  }

  private static void checkDigest(Location file, Manifest.Entry listed, byte[] digest) {
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
