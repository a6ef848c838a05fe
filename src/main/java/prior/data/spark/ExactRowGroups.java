package prior.data.spark;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/**
 * Writes a Parquet file whose row groups all have the same number of rows, but for the last.
 * Parquet's own writers of this version close row groups by bytes only.
 *
 * @param <T> what a row is
 */
final class ExactRowGroups<T> implements Closeable {
  private static final CompressionCodecName CODEC = CompressionCodecName.ZSTD;
  private static final int MAX_PADDING = 0;

  private final WriteSupport<T> support;
  private final Map<String, String> metadata;
  private final int rowsPerGroup;
  private final ParquetProperties properties;
  private final CodecFactory codecs;
  private final MessageType schema;
  private final ParquetFileWriter file;
  private ColumnChunkPageWriteStore pages;
  private ColumnWriteStore columns;
  private RecordConsumer values;
  private int rows;

  /** Opens a new file; one that exists is an error. */
  ExactRowGroups(
      Configuration conf,
      Path path,
      WriteSupport<T> support,
      ParquetProperties properties,
      int rowsPerGroup)
      throws IOException {
    WriteSupport.WriteContext context = support.init(conf);
    this.support = support;
    this.metadata = new HashMap<>(context.getExtraMetaData());
    this.rowsPerGroup = rowsPerGroup;
    this.properties = properties;
    this.codecs = new CodecFactory(conf, properties.getPageSizeThreshold());
    this.schema = context.getSchema();
    this.file =
        new ParquetFileWriter(
            HadoopOutputFile.fromPath(path, conf),
            schema,
            ParquetFileWriter.Mode.CREATE,
            ParquetWriter.DEFAULT_BLOCK_SIZE, // of the file system; row groups are closed by rows
            MAX_PADDING,
            properties.getColumnIndexTruncateLength(),
            properties.getStatisticsTruncateLength(),
            properties.getPageWriteChecksumEnabled());
    file.start();
    startGroup();
  }

  /** Adds to what the footer says; possible until the file is closed. */
  void describe(Map<String, String> more) {
    metadata.putAll(more);
  }

  void write(T row) throws IOException {
    support.write(row);
    rows++;
    if (rows == rowsPerGroup) {
      endGroup();
      startGroup();
    }
  }

  @Override
  public void close() throws IOException {
    if (rows > 0) {
      endGroup();
    }
    columns.close();
    file.end(metadata);
    codecs.release();
  }

  private void startGroup() {
    pages =
        new ColumnChunkPageWriteStore(
            codecs.getCompressor(CODEC),
            schema,
            new HeapByteBufferAllocator(),
            properties.getColumnIndexTruncateLength(),
            properties.getPageWriteChecksumEnabled());
    columns = properties.newColumnWriteStore(schema, pages, pages);
    values = new ColumnIOFactory().getColumnIO(schema).getRecordWriter(columns);
    support.prepareForWrite(values);
    rows = 0;
  }

  private void endGroup() throws IOException {
    values.flush();
    columns.flush();
    file.startBlock(rows);
    pages.flushToFileWriter(file);
    file.endBlock();
    columns.close();
  }
}
