package prior.data.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import prior.data.DataFaults;
import prior.data.PairColumns;
import prior.data.WorkUnit;

/**
 * What planning needs of a file.
 *
 * @param units the row groups that have rows
 * @param rowBytes of a pair in memory
 */
record PairFooter(String file, List<WorkUnit> units, int textWidth, int imageWidth, long rowBytes) {
  /** Footers are small and may be far away, so many are fetched at once; the order stays. */
  static List<PairFooter> readAll(Configuration conf, List<FileStatus> files, PairColumns columns) {
    return InParallel.map(files, status -> read(conf, status.getPath().toString(), columns));
  }

  static PairFooter read(Configuration conf, String file, PairColumns columns) {
    return ParquetFiles.retried(conf, "read " + file, () -> readOnce(conf, file, columns));
  }

  private static PairFooter readOnce(Configuration conf, String file, PairColumns columns)
      throws IOException {
    try (PairFile pairs = PairFile.open(conf, file, columns)) {
      List<WorkUnit> units = new ArrayList<>();
      for (int group = 0; group < pairs.rowGroups(); group++) {
        if (pairs.rows(group) > 0) {
          units.add(new WorkUnit(file, group, Math.toIntExact(pairs.rows(group))));
        }
      }
      return new PairFooter(file, units, pairs.textWidth(), pairs.imageWidth(), pairs.rowBytes());
    }
  }

  /** Refuses a file whose vectors are not as wide as those of another file. */
  void checkWidths(PairFooter first) {
    if (textWidth != first.textWidth || imageWidth != first.imageWidth) {
      throw DataFaults.unreadable(
          file, "width differs", first.widths() + " as in " + first.file, widths());
    }
  }

  private String widths() {
    return "text " + textWidth + " and image " + imageWidth;
  }
}
