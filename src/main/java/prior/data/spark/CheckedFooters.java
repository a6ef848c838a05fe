package prior.data.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import prior.data.PairColumns;
import prior.data.RowFault;
import prior.data.WorkUnit;

/**
 * The footers of a folder's files, parted into those that can be used together and the others.
 *
 * @param sound those that have rows and the widths that most rows have
 * @param refusals of files that cannot be read or have other widths
 */
record CheckedFooters(List<PairFooter> sound, List<Refusal> refusals, Widths widths) {

  static CheckedFooters read(Configuration conf, String input, PairColumns columns) {
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
    Widths most = Majority.of(full, Widths::of, CheckedFooters::rows).orElse(new Widths(0, 0));
    full.stream()
        .filter(f -> !Widths.of(f).equals(most))
        .forEach(f -> refusals.add(most.refuse(f)));
    List<PairFooter> sound = full.stream().filter(f -> Widths.of(f).equals(most)).toList();
    return new CheckedFooters(sound, refusals, most);
  }

  static long rows(PairFooter footer) {
    return footer.units().stream().mapToLong(WorkUnit::rows).sum();
  }

  record Widths(int text, int image) {
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
