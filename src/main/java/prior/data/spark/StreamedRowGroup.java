package prior.data.spark;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** A row group of which no more than a page of each column is in memory, see {@link ChunkPages}. */
final class StreamedRowGroup implements PageReadStore, Closeable {
  private final HadoopInputFile file;
  private final BlockMetaData group;
  private final CodecFactory codecs;
  private final List<ChunkPages> open = new ArrayList<>();

  StreamedRowGroup(Configuration conf, String file, BlockMetaData group) throws IOException {
    this.file = HadoopInputFile.fromPath(new Path(file), conf);
    this.group = group;
    this.codecs = new CodecFactory(conf, 0);
  }

  @Override
  public PageReader getPageReader(ColumnDescriptor column) {
    ColumnChunkMetaData chunk = VectorWidth.chunk(group, column);
    try {
      ChunkPages pages =
          new ChunkPages(chunk, codecs.getDecompressor(chunk.getCodec()), file.newStream());
      open.add(pages);
      return pages;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long getRowCount() {
    return group.getRowCount();
  }

  @Override
  public void close() throws IOException {
    for (ChunkPages pages : open) {
      pages.close();
    }
    codecs.release();
  }
}
