package prior.data.spark;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.io.SeekableInputStream;

/**
 * The pages of one column chunk in their order, each fetched and decompressed when it is asked for.
 * Parquet's own reader fetches a chunk whole, whatever its size.
 */
final class ChunkPages implements PageReader, Closeable {
  private static final int HEADERS = 1 << 16;

  private final ParquetMetadataConverter converter = new ParquetMetadataConverter();
  private final ColumnChunkMetaData chunk;
  private final BytesInputDecompressor codec;
  private final InputStream in;
  private long bytesLeft;
  private long valuesLeft;
  private PageHeader ahead;

  /** Takes the stream over and closes it. */
  ChunkPages(ColumnChunkMetaData chunk, BytesInputDecompressor codec, SeekableInputStream file)
      throws IOException {
    this.chunk = chunk;
    this.codec = codec;
    this.in = new BufferedInputStream(file, HEADERS);
    this.bytesLeft = chunk.getTotalSize();
    this.valuesLeft = chunk.getValueCount();
    file.seek(chunk.getStartingPos());
  }

  @Override
  public long getTotalValueCount() {
    return chunk.getValueCount();
  }

  /** A chunk's dictionary can only be its first page. */
  @Override
  public DictionaryPage readDictionaryPage() {
    try {
      PageHeader header = Util.readPageHeader(in);
      if (header.getType() != PageType.DICTIONARY_PAGE) {
        ahead = header;
        return null;
      }
      BytesInput content = codec.decompress(content(header), header.getUncompressed_page_size());
      int values = header.getDictionary_page_header().getNum_values();
      return new DictionaryPage(
          content, values, encoding(header.getDictionary_page_header().getEncoding()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public DataPage readPage() {
    try {
      while (valuesLeft > 0) {
        PageHeader header = ahead == null ? Util.readPageHeader(in) : ahead;
        ahead = null;
        BytesInput content = content(header);
        if (header.isSetData_page_header()) {
          return version1(header, content);
        }
        if (header.isSetData_page_header_v2()) {
          return version2(header, content.toByteArray());
        }
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DataPage version1(PageHeader header, BytesInput content) throws IOException {
    DataPageHeader page = header.getData_page_header();
    int size = header.getUncompressed_page_size();
    valuesLeft -= page.getNum_values();
    return new DataPageV1(
        codec.decompress(content, size),
        page.getNum_values(),
        size,
        null,
        encoding(page.getRepetition_level_encoding()),
        encoding(page.getDefinition_level_encoding()),
        encoding(page.getEncoding()));
  }

  /** Levels are never compressed and come first. */
  private DataPage version2(PageHeader header, byte[] content) throws IOException {
    DataPageHeaderV2 page = header.getData_page_header_v2();
    int repetitions = page.getRepetition_levels_byte_length();
    int levels = repetitions + page.getDefinition_levels_byte_length();
    int size = header.getUncompressed_page_size() - levels;
    BytesInput values = BytesInput.from(content, levels, content.length - levels);
    boolean packed = page.isIs_compressed() && size > 0;
    valuesLeft -= page.getNum_values();
    return DataPageV2.uncompressed(
        page.getNum_rows(),
        page.getNum_nulls(),
        page.getNum_values(),
        BytesInput.from(content, 0, repetitions),
        BytesInput.from(content, repetitions, levels - repetitions),
        encoding(page.getEncoding()),
        packed ? codec.decompress(values, size) : values,
        null);
  }

  /** A page's bytes as they lie there; no header can claim more than its chunk holds. */
  private BytesInput content(PageHeader header) throws IOException {
    int size = header.getCompressed_page_size();
    int unpacked = header.getUncompressed_page_size();
    if (size < 0
        || size > bytesLeft
        || unpacked < 0
        || unpacked > chunk.getTotalUncompressedSize()) {
      throw new ParquetDecodingException(
          "a page of " + size + " bytes, " + unpacked + " unpacked, is larger than its chunk");
    }
    byte[] bytes = new byte[size];
    if (in.readNBytes(bytes, 0, size) < size) {
      throw new ParquetDecodingException("the file ends within a page");
    }
    bytesLeft -= size;
    CRC32 sum = new CRC32();
    sum.update(bytes);
    if (header.isSetCrc() && header.getCrc() != (int) sum.getValue()) {
      throw new ParquetDecodingException("a page's checksum is wrong");
    }
    return BytesInput.from(bytes);
  }

  private Encoding encoding(org.apache.parquet.format.Encoding stored) {
    return converter.getEncoding(stored);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
