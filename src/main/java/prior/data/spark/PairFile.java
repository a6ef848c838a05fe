package prior.data.spark;

import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import prior.data.DataFaults;
import prior.data.EncodingColumns;
import prior.data.PairColumns;

/** An open Parquet file of pairs whose columns are found and whose widths are known. */
final class PairFile implements Closeable {
  private static final long FETCHED_WHOLE = 256L << 20;

  private final Configuration conf;
  private final String name;
  private final ParquetFileReader reader;
  private final Optional<VectorLeaf> text;
  private final VectorLeaf image;
  private final Optional<VectorLeaf> encodings;
  private final Optional<ColumnDescriptor> mask;
  private final int encodingWidth;
  private final Optional<ColumnDescriptor> key;
  private final List<AttributeLeaf> attributes;
  private final MessageType projection;
  private final int textWidth;
  private final int imageWidth;
  private StreamedRowGroup streamed;

  private PairFile(String name, ParquetFileReader reader, PairColumns columns, Configuration conf) {
    MessageType schema = reader.getFileMetaData().getSchema();
    this.conf = conf;
    this.name = name;
    this.reader = reader;
    this.text = columns.text().map(t -> VectorLeaf.find(name, schema, t));
    this.image = VectorLeaf.find(name, schema, columns.image());
    this.encodings = columns.encodings().map(e -> VectorLeaf.findMatrix(name, schema, e.column()));
    this.mask =
        columns.encodings().map(EncodingColumns::mask).map(m -> MaskReader.find(name, schema, m));
    this.encodingWidth = columns.encodings().map(EncodingColumns::width).orElse(0);
    this.key = columns.key().map(k -> KeyReader.find(name, schema, k));
    this.attributes =
        columns.attributes().stream().map(a -> AttributeLeaf.find(name, schema, a)).toList();
    this.projection = projection(schema);
    OptionalInt ownText =
        text.map(t -> width(t, PairMetadata.TEXT_WIDTH, conf)).orElse(OptionalInt.empty());
    OptionalInt ownImage = width(image, PairMetadata.IMAGE_WIDTH, conf);
    this.textWidth = text.map(t -> known(ownText, ownImage, t, PairMetadata.TEXT_WIDTH)).orElse(0);
    this.imageWidth = known(ownImage, ownText, image, PairMetadata.IMAGE_WIDTH);
  }

  static PairFile open(Configuration conf, String file, PairColumns columns) {
    ParquetFileReader reader = ParquetFiles.open(conf, new Path(file));
    try {
      return new PairFile(file, reader, columns, conf);
    } catch (RuntimeException e) {
      try {
        reader.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  String name() {
    return name;
  }

  /** 0 without text embeddings, and for a file without rows whose column does not tell. */
  int textWidth() {
    return textWidth;
  }

  int imageWidth() {
    return imageWidth;
  }

  /** Numbers of a token's encoding; 0 without encodings. */
  int encodingWidth() {
    return encodingWidth;
  }

  /** Numbers of a row's attributes. */
  int attributeColumns() {
    return attributes.stream().mapToInt(leaf -> leaf.attribute().columns()).sum();
  }

  int rowGroups() {
    return blocks().size();
  }

  long rows(int rowGroup) {
    return blocks().get(rowGroup).getRowCount();
  }

  long rows() {
    return reader.getRecordCount();
  }

  /** Rows of the file before a row group. */
  long firstRow(int rowGroup) {
    return blocks().stream().limit(rowGroup).mapToLong(BlockMetaData::getRowCount).sum();
  }

  /** The row group that holds a row of the file. */
  int rowGroupOf(long row) {
    long end = 0;
    for (int group = 0; group < rowGroups(); group++) {
      end += rows(group);
      if (row < end) {
        return group;
      }
    }
    throw DataFaults.unreadable(name, "no such row", "0 to " + (rows() - 1), row);
  }

  Map<String, String> metadata() {
    return reader.getFileMetaData().getKeyValueMetaData();
  }

  /** Bytes of a pair in memory, with the mean of its encodings in the row group that has most. */
  long rowBytes() {
    long tokens =
        encodings.stream()
            .flatMapToLong(
                e ->
                    blocks().stream()
                        .filter(group -> group.getRowCount() > 0)
                        .mapToLong(group -> VectorWidth.valueCount(group, e) / group.getRowCount()))
            .max()
            .orElse(0);
    return Float.BYTES * (textWidth + imageWidth + tokens + attributeColumns());
  }

  /**
   * Starts reading a row group at its first row. The needed columns are fetched whole, still
   * encoded, where they are not too large for that.
   */
  PairRows read(int rowGroup) {
    BlockMetaData group = blocks().get(rowGroup);
    long bytes =
        projection.getColumns().stream()
            .mapToLong(column -> VectorWidth.chunk(group, column).getTotalSize())
            .sum();
    return bytes > FETCHED_WHOLE
        ? slice(rowGroup, 0, (int) rows(rowGroup))
        : rows(rowGroup, 0, (int) rows(rowGroup), () -> fetched(rowGroup));
  }

  /** Starts reading some rows of a row group, page by page, of which any number may lie before. */
  PairRows slice(int rowGroup, int from, int rows) {
    return rows(rowGroup, from, rows, () -> streamed(rowGroup));
  }

  private PageReadStore fetched(int rowGroup) throws IOException {
    reader.setRequestedSchema(projection);
    return reader.readRowGroup(rowGroup);
  }

  private PageReadStore streamed(int rowGroup) throws IOException {
    closeStreamed();
    streamed = new StreamedRowGroup(conf, name, blocks().get(rowGroup));
    return streamed;
  }

  private PairRows rows(
      int rowGroup, int from, int count, ParquetFiles.Work<PageReadStore> opening) {
    String where = name + ", row group " + rowGroup;
    return ParquetFiles.guarded(
        where, () -> started(where, from, firstRow(rowGroup) + from, count, opening.run()));
  }

  private PairRows started(String where, int from, long firstRow, int count, PageReadStore pages) {
    ColumnReadStoreImpl store =
        new ColumnReadStoreImpl(
            pages,
            new NoConversion(projection),
            projection,
            reader.getFileMetaData().getCreatedBy());
    return new PairRows(
        where,
        from,
        firstRow,
        count,
        text.map(t -> new VectorReader(column(store, t.leaf(), from), t, textWidth)),
        new VectorReader(column(store, image.leaf(), from), image, imageWidth),
        encodings.map(e -> new MatrixReader(column(store, e.leaf(), from), e, encodingWidth)),
        mask.map(m -> new MaskReader(column(store, m, from))),
        key.map(k -> new KeyReader(column(store, k, from))),
        attributes.stream().map(a -> a.reader(column(store, a.leaf(), from))).toList());
  }

  private static ColumnReader column(ColumnReadStoreImpl store, ColumnDescriptor leaf, int from) {
    ColumnReader column = store.getColumnReader(leaf);
    VectorReader.skip(column, from);
    return column;
  }

  @Override
  public void close() throws IOException {
    closeStreamed();
    reader.close();
  }

  private void closeStreamed() throws IOException {
    if (streamed != null) {
      streamed.close();
      streamed = null;
    }
  }

  private List<BlockMetaData> blocks() {
    return reader.getRowGroups();
  }

  private MessageType projection(MessageType schema) {
    Map<String, Type> fields = new LinkedHashMap<>();
    text.ifPresent(t -> fields.put(t.column(), schema.getType(t.column())));
    fields.put(image.column(), schema.getType(image.column()));
    encodings.ifPresent(e -> fields.put(e.column(), schema.getType(e.column())));
    mask.ifPresent(m -> fields.put(m.getPath()[0], schema.getType(m.getPath()[0])));
    key.ifPresent(k -> fields.put(k.getPath()[0], schema.getType(k.getPath()[0])));
    for (AttributeLeaf attribute : attributes) {
      String column = attribute.leaf().getPath()[0];
      if (fields.put(column, schema.getType(column)) != null) { // pages are read once
        throw DataFaults.unreadable(
            name,
            "column " + column + " is used twice",
            "a column of its own for each attribute",
            "it beside the key, an embedding or another attribute");
      }
    }
    return new MessageType(schema.getName(), List.copyOf(fields.values()));
  }

  private OptionalInt width(VectorLeaf leaf, String declaration, Configuration conf) {
    OptionalInt counted = VectorWidth.ofLists(leaf, blocks());
    return counted.isPresent() ? counted : VectorWidth.declared(declaration, metadata(), conf);
  }

  /** Bytes alone do not tell fp16 from fp32: then the other side's width holds for both. */
  private int known(OptionalInt own, OptionalInt other, VectorLeaf leaf, String declaration) {
    if (own.isEmpty() && other.isEmpty() && rows() > 0) {
      throw DataFaults.unreadable(
          name,
          "width of binary column " + leaf.column() + " is not declared",
          declaration + " in the file's metadata or as --conf spark.hadoop." + declaration + "=N",
          "neither");
    }
    return own.isPresent() ? own.getAsInt() : other.orElse(0);
  }
}
