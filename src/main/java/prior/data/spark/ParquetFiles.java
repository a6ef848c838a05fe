package prior.data.spark;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import prior.data.DataFaults;
import prior.data.PassingFailure;
import prior.data.Retry;
import prior.fault.UserFault;

/**
 * Finds and opens Parquet files, and turns what goes wrong there into faults that name the file.
 */
final class ParquetFiles {
  private static final String SUPPORTED = "array<float>, or fp16 in plain binary";

  private static final Pattern FORMAT =
      Pattern.compile(
          "java\\.(lang|nio\\.Buffer|util\\.(zip|NoSuch))|org\\.(apache\\.parquet|xerial)\\.|com\\.github\\.luben\\.");

  private ParquetFiles() {}

  /**
   * All files below a folder, or the one file, or those of a glob; hidden ones left out, sorted by
   * path. What exists under a name is never taken for a glob.
   */
  static List<FileStatus> list(Configuration conf, String path) {
    List<FileStatus> files = retried(conf, "list " + path, () -> listed(conf, path));
    if (files.isEmpty()) {
      throw DataFaults.unreadable(path, "nothing to read", "*.parquet files", "none");
    }
    return files;
  }

  private static List<FileStatus> listed(Configuration conf, String path) throws IOException {
    Path root = new Path(path);
    FileSystem fs = root.getFileSystem(conf);
    FileStatus[] found =
        fs.exists(root) ? new FileStatus[] {fs.getFileStatus(root)} : fs.globStatus(root);
    if (found == null || found.length == 0) {
      throw new FileNotFoundException("no such file or folder");
    }
    List<FileStatus> files = new ArrayList<>();
    for (FileStatus status : found) {
      collect(fs, status, status.isFile(), files);
    }
    files.sort(Comparator.comparing(status -> status.getPath().toString()));
    return files;
  }

  /** The path with scheme and absolute, as file listings spell it. */
  static String qualified(Configuration conf, String path) {
    try {
      Path plain = new Path(path);
      return plain.getFileSystem(conf).makeQualified(plain).toString();
    } catch (IOException e) {
      throw DataFaults.storage("read", path, e);
    }
  }

  private static void collect(
      FileSystem fs, FileStatus status, boolean named, List<FileStatus> into) throws IOException {
    String name = status.getPath().getName();
    if (status.isDirectory()) {
      for (FileStatus child : fs.listStatus(status.getPath())) {
        String childName = child.getPath().getName();
        if (!childName.startsWith("_") && !childName.startsWith(".")) {
          collect(fs, child, false, into);
        }
      }
    } else if (named || name.endsWith(".parquet") || name.endsWith(".parq")) {
      into.add(status);
    }
  }

  /** Opens a file and reads its footer; pages read through it have their checksums verified. */
  static ParquetFileReader open(Configuration conf, Path file) {
    return guarded(
        file.toString(),
        () -> {
          try {
            return ParquetFileReader.open(
                HadoopInputFile.fromPath(file, conf),
                HadoopReadOptions.builder(conf).usePageChecksumVerification(true).build());
          } catch (NullPointerException e) {
            throw NewerTypes.in(conf, file)
                ? DataFaults.unreadable(
                    file.toString(),
                    "a column of a type newer than this reader",
                    SUPPORTED,
                    "FLOAT16 or alike")
                : e;
          }
        });
  }

  /** Work on a file that may fail in the storage or in the Parquet library. */
  interface Work<T> {
    T run() throws IOException;
  }

  static <T> T guarded(String where, Work<T> work) {
    try {
      return work.run();
    } catch (UserFault e) {
      throw e;
    } catch (IOException e) {
      throw refused(where, e);
    } catch (UncheckedIOException e) {
      throw refused(where, e.getCause());
    } catch (RuntimeException e) {
      if (PassingFailure.is(e)) {
        throw UserFault.storage("Cannot read " + where + ": " + e.getMessage(), e);
      }
      throw DataFaults.unreadable(where, "damaged", "a Parquet file", same(e.toString()));
    }
  }

  /**
   * Work on files of a storage, done again from its start where that failed in a way that passes.
   *
   * @param what for messages, after "Cannot"
   */
  static <T> T retried(Configuration conf, String what, Retry.Work<T> work) {
    try {
      return Retry.configured(conf::getInt).run(what, work);
    } catch (IOException e) {
      throw UserFault.storage("Cannot " + what + ": " + e.getMessage(), e);
    }
  }

  private static UserFault refused(String where, IOException e) {
    return !PassingFailure.is(e) && damaged(e)
        ? DataFaults.unreadable(where, "damaged", "a Parquet file", same(e.getMessage()))
        : DataFaults.storage("read", where, e);
  }

  /** The library's words less the addresses of objects, which differ from run to run. */
  private static String same(String words) {
    return String.valueOf(words).replaceAll("@[0-9a-f]{5,8}\\b", "");
  }

  /**
   * The library reports bytes that make no sense as IOException, with a message or a cause; causes
   * of other libraries are their storage's.
   */
  private static boolean damaged(IOException e) {
    String message = String.valueOf(e.getMessage());
    return e instanceof EOFException
        || e instanceof ChecksumException
        || ofFormat(e.getClass())
        || (e.getCause() instanceof RuntimeException cause && ofFormat(cause.getClass()))
        || message.startsWith("can not read class")
        || message.contains("corrupt");
  }

  /** Whether it is thrown where bytes are looked at, not where they are fetched. */
  private static boolean ofFormat(Class<? extends Exception> failure) {
    return failure != IOException.class
        && failure != UncheckedIOException.class
        && FORMAT.matcher(failure.getName()).lookingAt();
  }
}
