package prior.data.spark;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import prior.data.PairStatistics;
import prior.data.Split;

/**
 * What was prepared.
 *
 * @param bySplit sums over the pairs of each split
 * @param files number of files of each split
 * @param skipped rows left out, by reason
 */
public record PreparedStatistics(
    Map<Split, PairStatistics> bySplit,
    Map<Split, Integer> files,
    Map<String, Long> skipped,
    PairStatistics all,
    Preparation what,
    int textWidth,
    int imageWidth) {

  /** Merges the reports of all files in the order of their names. */
  static PreparedStatistics of(
      List<WrittenFile> written,
      Buckets buckets,
      Map<String, Long> skipped,
      Preparation what,
      PairSource source) {
    Map<Split, PairStatistics> bySplit = new EnumMap<>(Split.class);
    Map<Split, Integer> files = new EnumMap<>(Split.class);
    PairStatistics all = new PairStatistics(source.textWidth(), source.imageWidth());
    for (Split split : Split.values()) {
      bySplit.put(split, new PairStatistics(source.textWidth(), source.imageWidth()));
      files.put(split, 0);
    }
    written.stream()
        .filter(file -> file.bucket() != Buckets.BROKEN)
        .sorted(Comparator.comparingInt(WrittenFile::bucket))
        .forEach(
            file -> {
              Split split = buckets.split(file.bucket());
              bySplit.get(split).merge(file.statistics());
              files.merge(split, 1, Integer::sum);
              all.merge(file.statistics());
            });
    return new PreparedStatistics(
        bySplit, files, skipped, all, what, source.textWidth(), source.imageWidth());
  }

  public long rows(Split split) {
    return bySplit.get(split).rows();
  }

  /** Mean cosine of text and image over all pairs. */
  public double baselineCosine() {
    return all.cosine();
  }

  /** The content of _stats.json. */
  String asJson() {
    PairStatistics train = bySplit.get(Split.TRAIN);
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("version", PairMetadata.CURRENT_VERSION);
    page.put("clip", what.clip());
    page.put("normalised", all.normalised());
    page.put("text_width", textWidth);
    page.put("image_width", imageWidth);
    page.put("rows", all.rows());
    page.put("splits", splits());
    page.put("row_group_rows", what.rowsPerGroup());
    page.put("seed", what.seed());
    page.put("val_fraction", what.valFraction());
    page.put("test_fraction", what.testFraction());
    page.put("skipped_rows", skipped.values().stream().mapToLong(Long::longValue).sum());
    page.put("skipped", skipped);
    page.put("mean_text_norm", finite(all.textNorm()));
    page.put("mean_image_norm", finite(all.imageNorm()));
    page.put("baseline_cosine", finite(all.cosine()));
    boolean any = train.rows() > 0;
    page.put("text_mean", any ? train.textMean() : null);
    page.put("text_std", any ? train.textStd() : null);
    page.put("image_mean", any ? train.imageMean() : null);
    page.put("image_std", any ? train.imageStd() : null);
    return Json.page(page) + "\n";
  }

  private Map<String, Object> splits() {
    Map<String, Object> splits = new LinkedHashMap<>();
    for (Split split : Split.values()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("rows", rows(split));
      entry.put("files", files.get(split));
      entry.put("baseline_cosine", finite(bySplit.get(split).cosine()));
      splits.put(split.folder(), entry);
    }
    return splits;
  }

  /** JSON has no NaN; what cannot be known is null. */
  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
