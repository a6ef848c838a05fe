package prior.data.spark;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.data.DataFaults;
import prior.data.NpyReader;

/**
 * The texts of a clip-retrieval folder: {@code text_emb/text_emb_N.npy} beside {@code
 * metadata/metadata_N.parquet}. Image embeddings are not looked for.
 *
 * @param vectors the file of vectors by the name of its table
 */
public record ClipTexts(Map<String, String> vectors, int width) implements Serializable {

  /** Whether a folder is one of clip-retrieval. */
  public static boolean isOne(Configuration conf, String input) {
    try {
      Path texts = new Path(input, ClipSide.TEXT.folder());
      FileSystem fs = texts.getFileSystem(conf);
      return fs.exists(texts);
    } catch (IOException | IllegalArgumentException notAPlainPath) {
      return false;
    }
  }

  /**
   * Looks at the header of every file.
   *
   * @param width that the model takes
   */
  public static ClipTexts find(Configuration conf, String input, int width) {
    Map<Long, String> texts = ClipSide.TEXT.files(conf, new Path(input));
    Map<Long, String> tables = ClipSide.TABLE.files(conf, new Path(input));
    Map<String, String> vectors = new TreeMap<>();
    InParallel.map(
        texts.entrySet().stream().toList(),
        text -> {
          String table = tables.get(text.getKey());
          if (table == null) {
            throw DataFaults.unreadable(
                text.getValue(), "no table", ClipSide.TABLE.file(text.getKey()), "none");
          }
          ClipShard.Part numbers = ClipSide.TEXT.read(conf, text.getValue());
          check(numbers, ClipSide.TABLE.read(conf, table), width);
          return table;
        });
    texts.forEach((number, file) -> vectors.put(new Path(tables.get(number)).getName(), file));
    for (String table : tables.values()) {
      if (!vectors.containsKey(new Path(table).getName())) {
        throw DataFaults.unreadable(table, "no vectors", "a file of text_emb", "none");
      }
    }
    if (vectors.isEmpty()) {
      throw DataFaults.unreadable(input, "nothing to read", ClipSide.TEXT.file(0), "none");
    }
    return new ClipTexts(vectors, width);
  }

  private static void check(ClipShard.Part numbers, ClipShard.Part table, int width) {
    if (numbers.rows() != table.rows()) {
      String expected = table.rows() + " rows as in " + table.file();
      throw DataFaults.unreadable(
          numbers.file(), "row counts differ", expected, numbers.rows() + " rows");
    }
    if (numbers.width() != width) {
      throw DataFaults.unreadable(
          numbers.file(), "wrong width", width + " numbers as the model takes", numbers.width());
    }
  }

  /** Opens vectors on an executor; for one thread. */
  public Cursor open(Configuration conf) {
    return new Cursor(conf, this);
  }

  /** Fetches vectors by table and row; cheap when rows are asked for in order. */
  public static final class Cursor implements Closeable {
    private final Configuration conf;
    private final ClipTexts source;
    private String table = "";
    private NpySlices slices;

    private Cursor(Configuration conf, ClipTexts source) {
      this.conf = conf;
      this.source = source;
    }

    /** Copies one row's vector. */
    public void read(String wanted, long row, float[] into) {
      try {
        if (!wanted.equals(table)) {
          close();
          Path file = new Path(source.vectors.get(wanted));
          slices = new NpySlices(NpyReader.open(new HadoopSource(conf, file)));
          table = wanted;
        }
        slices.row(row, into);
      } catch (IOException e) {
        throw DataFaults.storage("read", "the vectors of " + wanted, e);
      }
    }

    @Override
    public void close() throws IOException {
      if (slices != null) {
        slices.close();
        slices = null;
        table = "";
      }
    }
  }
}
