package prior.data.spark;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import prior.data.RowFault;
import prior.data.RowFault.Kind;

/** The three files of one number in a clip-retrieval folder. */
record ClipShard(String root, long number, Map<ClipSide, Checked<Part>> parts) {

  /**
   * What a file's header says.
   *
   * @param width 0 for a table
   */
  record Part(String file, long rows, int width) {}

  static ClipShard read(Configuration conf, String root, long number, Map<ClipSide, String> files)
      throws Exception {
    Map<ClipSide, Checked<Part>> parts = new TreeMap<>();
    for (Map.Entry<ClipSide, String> file : files.entrySet()) {
      ClipSide side = file.getKey();
      parts.put(side, Checked.of(file.getValue(), name -> side.read(conf, name)));
    }
    return new ClipShard(root, number, parts);
  }

  Optional<Part> part(ClipSide side) {
    return Optional.ofNullable(parts.get(side)).flatMap(Checked::good);
  }

  /** The first thing that keeps the shard from being used. */
  Optional<Refusal> refusal(Map<ClipSide, Integer> widths) {
    for (ClipSide side : ClipSide.values()) {
      if (!parts.containsKey(side)) {
        return Optional.of(refuse(Kind.UNPAIRED, any(), side.file(number), "a file", "none"));
      }
      Optional<Refusal> unreadable = parts.get(side).bad();
      if (unreadable.isPresent()) {
        return unreadable;
      }
    }
    for (ClipSide side : List.of(ClipSide.IMAGE, ClipSide.TEXT)) {
      Optional<Refusal> misfit = misfit(side, part(side).orElseThrow(), widths.get(side));
      if (misfit.isPresent()) {
        return misfit;
      }
    }
    return Optional.empty();
  }

  private Optional<Refusal> misfit(ClipSide side, Part part, int width) {
    Part table = part(ClipSide.TABLE).orElseThrow();
    if (part.rows() != table.rows()) {
      String expected = table.rows() + " rows as in " + ClipSide.TABLE.file(number);
      return Optional.of(
          refuse(Kind.UNPAIRED, part.file(), "row counts", expected, part.rows() + " rows"));
    }
    if (part.width() != width && part.rows() > 0) {
      String expected = width + " numbers as in most rows of " + side.folder();
      return Optional.of(
          refuse(Kind.WRONG_WIDTH, part.file(), "all rows", expected, part.width() + " numbers"));
    }
    return Optional.empty();
  }

  /** Enters a sound shard that has rows. */
  void addTo(List<PairSource.Table> tables, Map<String, NpyVectors.Shard> vectors) {
    Part table = part(ClipSide.TABLE).orElseThrow();
    if (table.rows() > 0) {
      tables.add(new PairSource.Table(table.file(), table.rows()));
      String text = part(ClipSide.TEXT).orElseThrow().file();
      vectors.put(
          table.file(), new NpyVectors.Shard(text, part(ClipSide.IMAGE).orElseThrow().file()));
    }
  }

  private Refusal refuse(Kind kind, String file, String what, String expected, String found) {
    return new Refusal(file, -1, mostRows(), new RowFault(kind, what, expected, found));
  }

  private long mostRows() {
    return parts.values().stream()
        .flatMap(part -> part.good().stream())
        .mapToLong(Part::rows)
        .max()
        .orElse(0);
  }

  private String any() {
    return new Path(root, parts.keySet().iterator().next().file(number)).toString();
  }
}
