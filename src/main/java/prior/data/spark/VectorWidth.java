package prior.data.spark;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;

/** How many numbers a vector of a file should have, as far as footer and declarations tell. */
final class VectorWidth {
  private VectorWidth() {}

  /**
   * The width of most rows of a list column. A footer counts rows and values of each row group, and
   * their quotient, rounded, is the width unless half of the rows are broken.
   */
  static OptionalInt ofLists(VectorLeaf leaf, List<BlockMetaData> rowGroups) {
    if (leaf.storage() == VectorLeaf.Storage.BYTES) {
      return OptionalInt.empty();
    }
    Map<Integer, Long> rowsOfWidth = new HashMap<>();
    for (BlockMetaData group : rowGroups) {
      if (group.getRowCount() > 0) {
        double quotient = (double) valueCount(group, leaf) / group.getRowCount();
        rowsOfWidth.merge((int) Math.round(quotient), group.getRowCount(), Long::sum);
      }
    }
    return rowsOfWidth.entrySet().stream()
        .max(Map.Entry.<Integer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(entry -> OptionalInt.of(entry.getKey()))
        .orElse(OptionalInt.empty());
  }

  /** What the file's own metadata or, for files that say nothing, the configuration declares. */
  static OptionalInt declared(String key, Map<String, String> metadata, Configuration conf) {
    String value = metadata.getOrDefault(key, conf.get(key, ""));
    return value.matches("[1-9][0-9]{0,6}")
        ? OptionalInt.of(Integer.parseInt(value))
        : OptionalInt.empty();
  }

  /** Values of a vector's column in a row group, of all rows together. */
  static long valueCount(BlockMetaData group, VectorLeaf leaf) {
    return chunk(group, leaf.leaf()).getValueCount();
  }

  /** Where a column of a row group lies. */
  static ColumnChunkMetaData chunk(BlockMetaData group, ColumnDescriptor column) {
    ColumnPath path = ColumnPath.get(column.getPath());
    return group.getColumns().stream()
        .filter(chunk -> chunk.getPath().equals(path))
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("no column chunk " + Arrays.toString(path.toArray())));
  }
}
