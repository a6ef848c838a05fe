package prior.data.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import prior.data.DataFaults;
import prior.data.NpyReader;
import prior.data.RowFault;

/**
 * Vectors in .npy files beside the tables, read in slices.
 *
 * @param shards the files of each table, by the table's full path
 */
record NpyVectors(Map<String, Shard> shards, int textWidth, int imageWidth)
    implements VectorOpener {

  /** The two files of one table. */
  record Shard(String text, String image) implements Serializable {}

  @Override
  public VectorCursor open(Configuration conf) {
    return new Cursor(conf, this);
  }

  private static final class Cursor implements VectorCursor {
    private final Configuration conf;
    private final NpyVectors source;
    private String table;
    private NpySlices texts;
    private NpySlices images;

    Cursor(Configuration conf, NpyVectors source) {
      this.conf = conf;
      this.source = source;
    }

    @Override
    public RowFault read(String wanted, long row, float[] text, float[] image) {
      if (!wanted.equals(table)) {
        open(wanted);
      }
      texts.row(row, text);
      images.row(row, image);
      RowFault fault = RowFault.ofVector(texts.name(), text, 0, source.textWidth);
      return fault != null ? fault : RowFault.ofVector(images.name(), image, 0, source.imageWidth);
    }

    private void open(String wanted) {
      try {
        close();
        Shard shard = source.shards.get(wanted);
        texts = open(shard.text(), source.textWidth);
        images = open(shard.image(), source.imageWidth);
        table = wanted;
      } catch (IOException e) {
        throw DataFaults.storage("read", "the vectors of " + wanted, e);
      }
    }

    private NpySlices open(String file, int width) throws IOException {
      NpyReader reader = NpyReader.open(new HadoopSource(conf, new Path(file)));
      if (reader.width() != width) {
        throw DataFaults.unreadable(file, "changed since it was planned", width, reader.width());
      }
      return new NpySlices(reader);
    }

    @Override
    public void close() throws IOException {
      table = null;
      if (texts != null) {
        texts.close();
        texts = null;
      }
      if (images != null) {
        images.close();
        images = null;
      }
    }
  }
}
