package prior.data.spark;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/**
 * Annotations of columns that Parquet 1.13 has no name for, such as FLOAT16. It meets them with a
 * bare NullPointerException, which a JVM that has seen many throws without a stack trace: so the
 * footer is asked, and not the exception.
 */
final class NewerTypes {
  /** The footer's length and the magic number, at the end of a file. */
  private static final int TAIL = 8;

  private NewerTypes() {}

  /** Whether a file, which ends with a footer, has a column so annotated. */
  static boolean in(Configuration conf, Path file) throws IOException {
    FileSystem fs = file.getFileSystem(conf);
    long end = fs.getFileStatus(file).getLen() - TAIL;
    try (FSDataInputStream in = fs.open(file)) {
      in.seek(end);
      in.seek(end - Integer.reverseBytes(in.readInt()));
      return Util.readFileMetaData(in, true).getSchema().stream().anyMatch(NewerTypes::unknown);
    }
  }

  private static boolean unknown(SchemaElement column) {
    return column.isSetLogicalType() && column.getLogicalType().getSetField() == null;
  }
}
