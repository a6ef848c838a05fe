package prior.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one hash of keys: the first 8 bytes, big-endian, of SHA-256 over the key in UTF-8. */
public final class KeyHash {
  private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(KeyHash::sha256);

  private KeyHash() {}

  public static long of(String key) {
    byte[] digest = DIGEST.get().digest(key.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong();
  }

  /** The id of a row without a key: the place where it lies, by file name and row in that file. */
  public static long ofPlace(String fileName, long row) {
    return Mix.fold(of(fileName), row);
  }

  /** The id of a text that has no key: of its embedding's numbers, so that equal texts share it. */
  public static long of(float[] numbers) {
    long hash = 0;
    for (float number : numbers) {
      hash = hash * 0x9E3779B97F4A7C15L + Float.floatToIntBits(number);
    }
    return hash;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot hash keys: this JVM has no SHA-256", e);
    }
  }
}
