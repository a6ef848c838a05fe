package prior.data.spark;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import prior.data.DataFaults;
import prior.data.PairColumns;
import prior.data.Retry;
import prior.data.RowFault;
import prior.fault.UserFault;

/** Vectors that lie in the tables themselves; a row group is decoded as its rows are asked for. */
record ParquetVectors(PairColumns columns, int textWidth, int imageWidth) implements VectorOpener {

  @Override
  public VectorCursor open(Configuration conf) {
    return new Cursor(conf, this);
  }

  private static final class Cursor implements VectorCursor {
    private final Configuration conf;
    private final ParquetVectors source;
    private final Retry retry;
    private PairFile file;
    private PairRows rows;
    private long next;

    Cursor(Configuration conf, ParquetVectors source) {
      this.conf = conf;
      this.source = source;
      this.retry = Retry.configured(conf::getInt);
    }

    @Override
    public RowFault read(String table, long row, float[] text, float[] image) {
      try {
        return retry.run("read " + table, () -> guarded(table, row, text, image));
      } catch (IOException e) {
        throw DataFaults.storage("read", table, e);
      }
    }

    private RowFault guarded(String table, long row, float[] text, float[] image)
        throws IOException {
      try {
        return ParquetFiles.guarded(table + ", row " + row, () -> next(table, row, text, image));
      } catch (UserFault e) {
        close(); // another attempt opens the file anew
        throw e;
      }
    }

    private RowFault next(String table, long row, float[] text, float[] image) throws IOException {
      moveTo(table, row);
      RowFault ofText = rows.text().map(reader -> reader.read(text, 0)).orElse(null);
      RowFault ofImage = rows.image().read(image, 0);
      next++;
      return ofText != null ? ofText : ofImage;
    }

    private void moveTo(String table, long row) throws IOException {
      if (file == null || !file.name().equals(table)) {
        close();
        file = PairFile.open(conf, table, source.columns());
        rows = null;
        checkWidths();
      }
      if (rows == null || row < next || row >= rows.firstRow() + rows.rows()) {
        rows = file.read(file.rowGroupOf(row));
        next = rows.firstRow();
      }
      rows.skipVectors(row - next);
      next = row;
    }

    private void checkWidths() {
      if (file.textWidth() != source.textWidth || file.imageWidth() != source.imageWidth) {
        throw DataFaults.unreadable(
            file.name(),
            "changed since it was planned",
            "widths " + source.textWidth + " and " + source.imageWidth,
            file.textWidth() + " and " + file.imageWidth());
      }
    }

    @Override
    public void close() throws IOException {
      if (file != null) {
        file.close();
        file = null;
      }
    }
  }
}
