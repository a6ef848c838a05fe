package prior.data.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import prior.data.PairColumns;
import prior.data.RowFault;
import prior.data.WorkUnit;

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
        new PairColumns(wanted.text(), wanted.image(), Optional.empty(), Optional.empty());
    List<String> files =
        ParquetFiles.list(conf, input).stream().map(file -> file.getPath().toString()).toList();
    List<Checked<PairFooter>> footers =
        InParallel.map(
            files, file -> Checked.of(file, name -> PairFooter.read(conf, name, columns)));
    List<Refusal> refusals = new ArrayList<>();
    footers.forEach(footer -> footer.bad().ifPresent(refusals::add));
    List<PairFooter> full =
        footers.stream()
            .flatMap(footer -> footer.good().stream())
            .filter(footer -> !footer.units().isEmpty())
            .toList();
    Widths most = Majority.of(full, Widths::of, ParquetTables::rows).orElse(new Widths(0, 0));
    full.stream()
        .filter(f -> !Widths.of(f).equals(most))
        .forEach(f -> refusals.add(most.refuse(f)));
    List<Table> tables =
        full.stream()
            .filter(footer -> Widths.of(footer).equals(most))
            .map(footer -> new Table(footer.file(), rows(footer)))
            .toList();
    String root = ParquetFiles.qualified(conf, input);
    return new ParquetTables(root, tables, refusals, most.text(), most.image(), columns);
  }

  @Override
  public VectorOpener vectors() {
    return new ParquetVectors(columns, textWidth, imageWidth);
  }

  @Override
  public Set<String> vectorColumns() {
    return Set.of(
        columns.text().toLowerCase(Locale.ROOT), columns.image().toLowerCase(Locale.ROOT));
  }

  private static long rows(PairFooter footer) {
    return footer.units().stream().mapToLong(WorkUnit::rows).sum();
  }

  private record Widths(int text, int image) {
    static Widths of(PairFooter footer) {
      return new Widths(footer.textWidth(), footer.imageWidth());
    }

    Refusal refuse(PairFooter footer) {
      RowFault fault =
          new RowFault(
              RowFault.Kind.WRONG_WIDTH,
              "the whole file",
              "text " + text + " and image " + image + " as in most rows",
              "text " + footer.textWidth() + " and image " + footer.imageWidth());
      return new Refusal(footer.file(), -1, rows(footer), fault);
    }
  }
}
