package prior.data.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.data.BadShard;
import prior.data.DataFaults;
import prior.data.KeyHash;
import prior.data.PairBlock;
import prior.data.PairColumns;
import prior.data.RowFault;
import prior.data.UnitContent;
import prior.data.WorkUnit;
import prior.fault.ExitStatus;
import prior.fault.UserFault;

/**
 * Reads pairs from Parquet, row group by row group, straight from column chunks into float arrays.
 *
 * <p>Vectors may be array&lt;float&gt; or array&lt;double&gt; (lists of 3 or 2 levels), dense Spark
 * ML vectors, or plain binary with fp16 or fp32 in little-endian order. Their width is counted from
 * the footers; for binary it is what {@link PairMetadata} or the Hadoop configuration declares, or
 * the width of the other side. Columns are found without regard to case. Page checksums are
 * verified.
 */
public final class ParquetPairs {
  /** Bytes in memory of a row group that is still read whole. */
  public static final long WHOLE_BYTES = 256L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(ParquetPairs.class);

  private ParquetPairs() {}

  /** The same with row groups cut above {@link #WHOLE_BYTES}, and a warning where any are. */
  public static List<WorkUnit> plan(Configuration conf, String path, PairColumns columns) {
    Slicing slicing = new Slicing(WHOLE_BYTES);
    List<WorkUnit> units = plan(conf, path, columns, slicing);
    slicing.warning().ifPresent(LOG::warn);
    return units;
  }

  /**
   * The row groups of a file, a folder or a glob, sorted by file and row group; from footers alone.
   * The columns and widths of every file are checked. Large row groups are planned in slices.
   */
  public static List<WorkUnit> plan(
      Configuration conf, String path, PairColumns columns, Slicing slicing) {
    PairFooter first = null;
    List<WorkUnit> units = new ArrayList<>();
    for (PairFooter footer : PairFooter.readAll(conf, ParquetFiles.list(conf, path), columns)) {
      footer.units().forEach(unit -> units.addAll(slicing.units(unit, footer.rowBytes())));
      if (!footer.units().isEmpty()) {
        first = first == null ? footer : first;
        footer.checkWidths(first);
      }
    }
    return List.copyOf(units);
  }

  /** The same, where files that cannot be used with the others are told of and left out. */
  public static PairShards planSound(Configuration conf, String path, PairColumns columns) {
    Slicing slicing = new Slicing(WHOLE_BYTES);
    List<WorkUnit> units = new ArrayList<>();
    CheckedFooters footers = CheckedFooters.read(conf, path, columns);
    for (PairFooter footer : footers.sound()) {
      footer.units().forEach(unit -> units.addAll(slicing.units(unit, footer.rowBytes())));
    }
    slicing.warning().ifPresent(LOG::warn);
    List<BadShard> bad = footers.refusals().stream().map(Refusal::asShard).toList();
    return new PairShards(units, bad);
  }

  /**
   * Reads one unit. A missing vector, a null, a wrong width, a number that is not finite or a
   * missing key is refused by file, row group and row; a vector of zeros is not.
   */
  public static PairBlock read(Configuration conf, WorkUnit unit, PairColumns columns) {
    UnitContent content = content(conf, unit, columns);
    if (content instanceof BadShard bad) {
      throw UserFault.data(bad.cause());
    }
    return (PairBlock) content;
  }

  /**
   * The same, where content that {@link #read} refuses is told of. A file that has changed since it
   * was planned, so that even its footer is another, is refused all the same.
   */
  public static UnitContent content(Configuration conf, WorkUnit unit, PairColumns columns) {
    return ParquetFiles.retried(
        conf,
        "read " + unit.file(),
        () -> {
          try (PairFile file = PairFile.open(conf, unit.file(), columns)) {
            checkUnchanged(file, unit);
            return content(file, unit);
          }
        });
  }

  private static void checkUnchanged(PairFile file, WorkUnit unit) {
    if (unit.rowGroup() >= file.rowGroups() || file.rows(unit.rowGroup()) != unit.groupRows()) {
      throw DataFaults.unreadable(
          unit.file(),
          "changed since it was planned",
          unit.groupRows() + " rows in row group " + unit.rowGroup(),
          file.rows() + " rows in " + file.rowGroups() + " row groups");
    }
  }

  private static UnitContent content(PairFile file, WorkUnit unit) {
    String where = unit.file() + ", row group " + unit.rowGroup();
    try {
      return ParquetFiles.guarded(where, () -> block(file, unit));
    } catch (UserFault e) {
      if (e.status() != ExitStatus.DATA) {
        throw e;
      }
      long firstRow = file.firstRow(unit.rowGroup()) + unit.from();
      return new BadShard(unit.file(), unit.rowGroup(), firstRow, unit.rows(), e.getMessage());
    }
  }

  /** The key-value metadata of a file, or of the first file below a folder. */
  public static Map<String, String> metadata(Configuration conf, String path) {
    Path file = ParquetFiles.list(conf, path).get(0).getPath();
    return ParquetFiles.retried(
        conf,
        "read " + file,
        () -> {
          try (ParquetFileReader reader = ParquetFiles.open(conf, file)) {
            return Map.copyOf(reader.getFileMetaData().getKeyValueMetaData());
          }
        });
  }

  private static PairBlock block(PairFile file, WorkUnit unit) {
    PairRows rows =
        unit.whole()
            ? file.read(unit.rowGroup())
            : file.slice(unit.rowGroup(), unit.from(), unit.rows());
    float[] text =
        rows.text().map(t -> vectors(rows, t, file.textWidth())).orElseGet(() -> new float[0]);
    float[] image = vectors(rows, rows.image(), file.imageWidth());
    long[] ids = ids(rows, new Path(unit.file()).getName());
    int tokens = 0;
    float[] encodings = null;
    if (rows.encodings().isPresent()) {
      EncodingBlock block = EncodingBlock.read(rows, rows.encodings().get(), file.encodingWidth());
      tokens = block.tokens();
      encodings = block.padded();
    }
    int columns = file.attributeColumns();
    return new PairBlock(
        unit.rows(),
        file.textWidth(),
        file.imageWidth(),
        text,
        image,
        ids,
        tokens,
        file.encodingWidth(),
        encodings,
        columns,
        columns == 0 ? null : attributes(rows, columns));
  }

  private static float[] attributes(PairRows rows, int columns) {
    float[] values = new float[arraySize(rows, (long) rows.rows() * columns)];
    int from = 0;
    for (AttributeReader reader : rows.attributes()) {
      for (int row = 0; row < rows.rows(); row++) {
        RowFault fault = reader.read(values, row * columns + from);
        if (fault != null) {
          throw rows.refusal(row, fault);
        }
      }
      from += reader.columns();
    }
    return values;
  }

  private static float[] vectors(PairRows rows, VectorReader reader, int width) {
    float[] values = new float[arraySize(rows, (long) rows.rows() * width)];
    for (int row = 0; row < rows.rows(); row++) {
      RowFault fault = reader.read(values, row * width);
      if (fault != null && fault.kind() != RowFault.Kind.ZERO) {
        throw rows.refusal(row, fault);
      }
    }
    return values;
  }

  private static long[] ids(PairRows rows, String fileName) {
    long[] ids = new long[rows.rows()];
    if (rows.key().isEmpty()) {
      Arrays.setAll(ids, row -> KeyHash.ofPlace(fileName, rows.firstRow() + row));
      return ids;
    }
    KeyReader keys = rows.key().get();
    for (int row = 0; row < ids.length; row++) {
      String key = keys.read();
      if (key == null) {
        throw rows.refusal(row, new RowFault(RowFault.Kind.NO_KEY, keys.name(), "a key", "null"));
      }
      ids[row] = KeyHash.of(key);
    }
    return ids;
  }

  static int arraySize(PairRows rows, long numbers) {
    if (numbers > Integer.MAX_VALUE - 8) {
      throw UserFault.resources(
          "Cannot read "
              + rows.where()
              + ": row group too large, expected at most 2^31 numbers, found "
              + numbers
              + " (PriorPrepareJob writes smaller row groups)");
    }
    return (int) numbers;
  }
}
