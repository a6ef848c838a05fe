package prior.data.spark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How Spark is told to read a file, folder or glob whose files are known.
 *
 * @param options of its reader
 */
public record ParquetInput(Map<String, String> options) {
  private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

  /** Folders called {@code name=value} are partitions of a table; others are just folders. */
  public static ParquetInput of(String input, List<String> files) {
    String base = base(input);
    Map<String, String> options = new LinkedHashMap<>();
    if (files.stream().anyMatch(file -> below(file, base).contains("="))) {
      options.put("basePath", base);
    } else {
      options.put("recursiveFileLookup", "true");
    }
    if (files.stream().allMatch(file -> file.endsWith(".parquet"))) {
      options.put("pathGlobFilter", "*.parquet");
    }
    return new ParquetInput(options);
  }

  /**
   * The input's folder; of a glob, what comes before its first pattern and before any partition.
   */
  private static String base(String input) {
    if (!GLOB.matcher(input).find()) {
      return input;
    }
    StringBuilder base = new StringBuilder();
    for (String part : input.split("/", -1)) {
      if (part.contains("=") || GLOB.matcher(part).find()) {
        break;
      }
      base.append(part).append('/');
    }
    return base.isEmpty() ? "." : base.substring(0, base.length() - 1);
  }

  /** The folders of a file below another; file listings spell paths with their scheme. */
  private static String below(String file, String base) {
    String plain = base.replaceFirst("^[a-z0-9]+:/*", "/").replaceFirst("/+$", "");
    int at = file.indexOf(plain + "/");
    String rest = at < 0 ? "" : file.substring(at + plain.length() + 1);
    int name = rest.lastIndexOf('/');
    return name < 0 ? "" : rest.substring(0, name);
  }
}
