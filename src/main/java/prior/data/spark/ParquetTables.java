package prior.data.spark;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import prior.data.PairColumns;

/** Parquet files that hold both vectors of each pair. */
record ParquetTables(
    String root,
    List<Table> tables,
    List<Refusal> refusals,
    int textWidth,
    int imageWidth,
    PairColumns columns)
    implements PairSource {

  /** Looks at all footers. Files as wide as most rows are used; the others are refused. */
  static ParquetTables find(Configuration conf, String input, PairColumns wanted) {
    PairColumns columns =
        PairColumns.of(wanted.text().orElse(null), wanted.image(), Optional.empty());
    CheckedFooters footers = CheckedFooters.read(conf, input, columns);
    List<Table> tables =
        footers.sound().stream()
            .map(footer -> new Table(footer.file(), CheckedFooters.rows(footer)))
            .toList();
    String root = ParquetFiles.qualified(conf, input);
    return new ParquetTables(
        root,
        tables,
        footers.refusals(),
        footers.widths().text(),
        footers.widths().image(),
        columns);
  }

  @Override
  public VectorOpener vectors() {
    return new ParquetVectors(columns, textWidth, imageWidth);
  }

  @Override
  public Set<String> vectorColumns() {
    return Stream.concat(columns.text().stream(), Stream.of(columns.image()))
        .map(column -> column.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }
}
