package prior.airflow;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What SparkSubmitHook looks for in spark-submit's output, by cluster and deploy mode
 * (apache-airflow-providers-apache-spark 6.3). Spark's own lines are meant; a line of ours that
 * matches would be taken for one of them.
 */
final class HookReading {
  private static final List<Pattern> SOUGHT =
      List.of(
          // YARN, cluster mode: the last match is the application to kill and to ask about.
          Pattern.compile("application[0-9_]+"),
          // Kubernetes: the driver's pod, the application, and in cluster mode how it ended.
          Pattern.compile("pod name: ((.+?)-([a-z0-9]+)-driver$)"),
          Pattern.compile("(?:^|\\s)submission ID spark:([a-z0-9](?:[-a-z0-9]*[a-z0-9])?-driver)"),
          Pattern.compile("spark-app-selector -> (spark-([a-z0-9]+)), "),
          Pattern.compile("[eE]xit code: (\\d+)"),
          // Standalone, cluster mode: the driver to ask about.
          Pattern.compile("driver-[0-9\\-]+"),
          // Standalone, cluster mode: what the driver's status is read from.
          Pattern.compile("driverState|submissionId"));

  private HookReading() {}

  /** The lines that the hook would read something from. */
  static List<String> of(List<String> lines) {
    return lines.stream()
        .filter(line -> SOUGHT.stream().anyMatch(sought -> sought.matcher(line).find()))
        .toList();
  }
}
