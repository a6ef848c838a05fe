package prior.data.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import prior.data.DataFaults;
import prior.data.NpyReader;

/** The three folders of clip-retrieval's layout. */
enum ClipSide {
  IMAGE("img_emb", "img_emb_", ".npy"),
  TEXT("text_emb", "text_emb_", ".npy"),
  TABLE("metadata", "metadata_", ".parquet");

  private final String folder;
  private final String prefix;
  private final String suffix;
  private final Pattern name;

  ClipSide(String folder, String prefix, String suffix) {
    this.folder = folder;
    this.prefix = prefix;
    this.suffix = suffix;
    this.name = Pattern.compile(Pattern.quote(prefix) + "([0-9]{1,18})" + Pattern.quote(suffix));
  }

  String folder() {
    return folder;
  }

  /** Where the file of a shard is expected, for messages. */
  String file(long number) {
    return folder + "/" + prefix + number + suffix;
  }

  /** The files of this side by shard number; other files are left alone. */
  Map<Long, String> files(Configuration conf, Path root) {
    Path path = new Path(root, folder);
    Map<Long, String> files = new TreeMap<>();
    try {
      FileSystem fs = path.getFileSystem(conf);
      for (FileStatus status : fs.listStatus(path)) {
        Matcher matcher = name.matcher(status.getPath().getName());
        if (matcher.matches()) {
          put(files, Long.parseLong(matcher.group(1)), status.getPath().toString());
        }
      }
    } catch (FileNotFoundException e) {
      throw DataFaults.unreadable(
          root.toString(), "not a clip-retrieval folder", "a folder " + folder, "none");
    } catch (IOException e) {
      throw DataFaults.storage("read", path.toString(), e);
    }
    return files;
  }

  private static void put(Map<Long, String> files, long number, String file) {
    String other = files.put(number, file);
    if (other != null) {
      throw DataFaults.unreadable(
          file, "two files for shard " + number, "one file", "also " + other);
    }
  }

  /** Rows and width from the header; a table has width 0. */
  ClipShard.Part read(Configuration conf, String file) throws IOException {
    Path path = new Path(file);
    if (this == TABLE) {
      try (ParquetFileReader reader = ParquetFiles.open(conf, path)) {
        return new ClipShard.Part(file, reader.getRecordCount(), 0);
      }
    }
    try (NpyReader reader = NpyReader.open(new HadoopSource(conf, path))) {
      return new ClipShard.Part(file, reader.rows(), reader.width());
    }
  }
}
