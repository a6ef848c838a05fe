package prior.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.checkpoint.HadoopLocation;
import prior.checkpoint.Location;
import prior.checkpoint.ReplacedFile;

/**
 * A run's {@code report.html}: one file that holds its data, charts and the library that draws
 * them, and loads nothing.
 */
public final class Report {
  /** Its name in the run folder. */
  public static final String FILE_NAME = "report.html";

  private static final Logger LOG = LoggerFactory.getLogger(Report.class);

  private Report() {}

  /**
   * Writes or replaces the report from what lies in the run folder; a reader in between finds the
   * old one, the new one or none. It never fails: a report that could not be written is a warning.
   */
  public static void write(Configuration hadoop, String run) {
    try {
      Location folder = HadoopLocation.of(run, hadoop);
      String page = Page.of(new RunFiles(hadoop, run).data());
      new ReplacedFile(folder, FILE_NAME).write(page.getBytes(StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot write {}/{}: {}; training goes on without it", run, FILE_NAME, e.toString());
    }
  }
}
