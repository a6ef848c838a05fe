package prior.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the start of an .npy file says (NumPy's NEP 1, versions 1 to 3).
 *
 * @param format how a number is stored
 * @param rows vectors
 * @param width numbers in a vector
 * @param dataStart position of the first number
 */
record NpyHeader(FloatFormat format, long rows, int width, long dataStart) {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER = 1 << 16;
  private static final int MAX_WIDTH = 1 << 20;
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*(?:'([^']*)'|(\\[))");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\s]*)\\)");

  /** Bytes of the whole file when it is complete. */
  long fileLength() {
    return dataStart + rows * width * format.bytes();
  }

  long rowBytes() {
    return (long) width * format.bytes();
  }

  /** Reads and checks the header, and that the file is as long as it must then be. */
  static NpyHeader read(ByteSource source) throws IOException {
    String name = source.name();
    byte[] start = bytes(source, 0, MAGIC.length + 2);
    if (!Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw DataFaults.unreadable(
          name, "not an .npy file", "the magic bytes \\x93NUMPY", hex(start, MAGIC.length));
    }
    int version = start[MAGIC.length] & 0xFF;
    if (version < 1 || version > 3) {
      throw DataFaults.unreadable(name, "unknown .npy version", "1, 2 or 3", version);
    }
    int sizeBytes = version == 1 ? 2 : 4;
    long size = littleEndian(bytes(source, start.length, sizeBytes));
    if (size > MAX_HEADER) {
      throw DataFaults.unreadable(
          name, "header too long", "at most " + MAX_HEADER + " bytes", size + " bytes");
    }
    long textStart = (long) start.length + sizeBytes;
    String text = new String(bytes(source, textStart, (int) size), StandardCharsets.UTF_8);
    NpyHeader header = parse(name, text, textStart + size);
    header.checkLength(name, source.length());
    return header;
  }

  private static NpyHeader parse(String name, String text, long dataStart) {
    FloatFormat format = format(name, text);
    String order = find(ORDER, text, name, "'fortran_order': True or False");
    if (!order.equals("False")) {
      throw DataFaults.unreadable(
          name, "wrong order of numbers", "C order (fortran_order False)", "fortran_order True");
    }
    String shape = find(SHAPE, text, name, "'shape': (rows, width)");
    String[] dims = shape.replaceAll("\\s", "").split(",");
    if (dims.length != 2 || dims[0].isEmpty()) {
      throw DataFaults.unreadable(name, "wrong shape", "(rows, width)", "(" + shape + ")");
    }
    return new NpyHeader(
        format,
        dimension(name, shape, dims[0], 0, Long.MAX_VALUE / MAX_WIDTH / 16),
        (int) dimension(name, shape, dims[1], 1, MAX_WIDTH),
        dataStart);
  }

  private static FloatFormat format(String name, String text) {
    Matcher matcher = DESCR.matcher(text);
    if (!matcher.find()) {
      throw DataFaults.unreadable(name, "damaged header", "a 'descr'", clip(text));
    }
    String descr = matcher.group(1) == null ? "a structured type" : matcher.group(1);
    return FloatFormat.ofDescr(descr)
        .orElseThrow(
            () ->
                DataFaults.unreadable(
                    name, "unsupported type of numbers", "one of " + FloatFormat.descrs(), descr));
  }

  private static long dimension(String name, String shape, String digits, long min, long max) {
    long value = digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    if (value < min || value > max) {
      throw DataFaults.unreadable(
          name, "shape out of range", min + " to " + max, digits + " in (" + shape + ")");
    }
    return value;
  }

  private void checkLength(String name, long found) {
    if (found != fileLength()) {
      throw DataFaults.unreadable(
          name,
          found < fileLength() ? "bytes missing at the end" : "bytes left over at the end",
          fileLength() + " bytes for " + rows + " x " + width + " " + format.descr(),
          found + " bytes");
    }
  }

  private static byte[] bytes(ByteSource source, long position, int count) throws IOException {
    if (position + count > source.length()) {
      throw DataFaults.unreadable(
          source.name(),
          "the file ends within its header",
          "at least " + (position + count) + " bytes",
          source.length() + " bytes");
    }
    byte[] bytes = new byte[count];
    source.readFully(position, bytes, 0, count);
    return bytes;
  }

  private static String find(Pattern pattern, String text, String name, String expected) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw DataFaults.unreadable(name, "damaged header", expected, clip(text));
    }
    return matcher.group(1);
  }

  private static long littleEndian(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).put(bytes);
    return buffer.getLong(0);
  }

  private static String hex(byte[] bytes, int count) {
    StringBuilder text = new StringBuilder("bytes");
    for (int i = 0; i < count; i++) {
      text.append(String.format(" %02x", bytes[i]));
    }
    return text.toString();
  }

  private static String clip(String text) {
    String line = text.strip().replaceAll("\\p{Cntrl}", "?");
    return line.length() > 120 ? line.substring(0, 120) + "..." : line;
  }
}
