package prior.data.spark;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import prior.data.DataFaults;

/** Parquet files with a column of text embeddings, as their footers tell before anything runs. */
public final class TextTables {
  private final Configuration conf;
  private final List<String> files;

  private TextTables(Configuration conf, List<String> files) {
    this.conf = conf;
    this.files = files;
  }

  /** All files of a file, folder or glob; hidden ones left out. */
  public static TextTables find(Configuration conf, String input) {
    return new TextTables(
        conf, ParquetFiles.list(conf, input).stream().map(f -> f.getPath().toString()).toList());
  }

  public static TextTables of(Configuration conf, List<String> files) {
    return new TextTables(conf, files);
  }

  public List<String> files() {
    return files;
  }

  /**
   * Looks at every footer.
   *
   * @param column of text embeddings; null where they lie elsewhere
   * @param width that the model takes
   * @throws prior.fault.UserFault for a file that cannot be read, a type this reader does not know,
   *     another width, and files that differ
   */
  public TextFacts look(String column, int width) {
    List<Footer> footers = InParallel.map(files, file -> read(file, column));
    Footer first = footers.get(0);
    for (Footer footer : footers) {
      if (footer.width() > 1 && footer.width() != width) {
        throw DataFaults.unreadable(
            footer.file(),
            "wrong width in column " + column,
            width + " numbers as the model takes",
            footer.width());
      }
      if (footer.storage() != first.storage()) {
        throw DataFaults.unreadable(
            footer.file(),
            "column " + column + " is stored otherwise than in " + first.file(),
            words(first) + " in all files",
            words(footer));
      }
    }
    return new TextFacts(
        footers.stream().mapToLong(Footer::rows).sum(),
        same(footers, PairMetadata.CLIP),
        same(footers, PairMetadata.NORMALISED));
  }

  private static String words(Footer footer) {
    return footer.storage().name().toLowerCase(Locale.ROOT);
  }

  private record Footer(
      String file, long rows, int width, VectorLeaf.Storage storage, Map<String, String> said) {}

  private Footer read(String file, String column) throws IOException {
    try (ParquetFileReader reader = ParquetFiles.open(conf, new Path(file))) {
      Map<String, String> said = reader.getFileMetaData().getKeyValueMetaData();
      if (column == null) {
        return new Footer(file, reader.getRecordCount(), 0, null, said);
      }
      VectorLeaf leaf = VectorLeaf.find(file, reader.getFileMetaData().getSchema(), column);
      int width = width(leaf, reader.getRowGroups());
      return new Footer(file, reader.getRecordCount(), width, leaf.storage(), said);
    }
  }

  /** The width of a list column whose rows are all as wide; else 0, and rows are looked at. */
  private static int width(VectorLeaf leaf, List<BlockMetaData> groups) {
    if (leaf.storage() == VectorLeaf.Storage.BYTES) {
      return 0;
    }
    Set<Long> widths = new HashSet<>();
    for (BlockMetaData group : groups) {
      long values = VectorWidth.valueCount(group, leaf);
      widths.add(values % group.getRowCount() == 0 ? values / group.getRowCount() : 0);
    }
    return widths.size() == 1 ? Math.toIntExact(widths.iterator().next()) : 0;
  }

  private static Optional<String> same(List<Footer> footers, String name) {
    Footer first = footers.get(0);
    for (Footer footer : footers) {
      String found = footer.said().get(name);
      String other = first.said().get(name);
      if (found != null && other != null && !found.equals(other)) {
        throw DataFaults.unreadable(
            footer.file(), "another " + name + " than in " + first.file(), other, found);
      }
    }
    return footers.stream()
        .flatMap(f -> Optional.ofNullable(f.said().get(name)).stream())
        .findAny();
  }
}
