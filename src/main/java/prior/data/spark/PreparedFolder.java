package prior.data.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.data.DataFaults;

/** What the preparation of pairs left beside them. */
public final class PreparedFolder {
  private PreparedFolder() {}

  /**
   * The mean image embedding of the training pairs.
   *
   * @param split a folder of prepared pairs, as {@code OUTPUT/test}
   * @return empty where there are no statistics beside it
   */
  public static Optional<float[]> meanImage(Configuration conf, String split) {
    return statistic(conf, split, "image_mean");
  }

  /** The deviation of each element of the same; empty where there are no statistics. */
  public static Optional<float[]> imageDeviation(Configuration conf, String split) {
    return statistic(conf, split, "image_std");
  }

  /** The statistics in or beside a folder. */
  public static Optional<JsonNode> statisticsOf(Configuration conf, String split) {
    return statistics(conf, new Path(split))
        .or(
            () ->
                Optional.ofNullable(new Path(split).getParent()).flatMap(p -> statistics(conf, p)));
  }

  /** What the statistics beside or in a folder say under a name; empty where none say it. */
  public static Optional<String> fact(Configuration conf, String split, String name) {
    return statisticsOf(conf, split)
        .map(json -> json.path(name).asText(""))
        .filter(text -> !text.isEmpty());
  }

  private static Optional<float[]> statistic(Configuration conf, String split, String name) {
    Path parent = new Path(split).getParent();
    return parent == null
        ? Optional.empty()
        : statistics(conf, parent).flatMap(json -> vector(json.path(name)));
  }

  private static Optional<JsonNode> statistics(Configuration conf, Path folder) {
    Path stats = new Path(folder, "_stats.json");
    try {
      FileSystem fs = stats.getFileSystem(conf);
      if (!fs.exists(stats)) {
        return Optional.empty();
      }
      try (InputStream in = fs.open(stats)) {
        return Optional.of(new ObjectMapper().readTree(in));
      }
    } catch (IOException e) {
      throw DataFaults.storage("read", stats.toString(), e);
    }
  }

  private static Optional<float[]> vector(JsonNode numbers) {
    if (!numbers.isArray()) {
      return Optional.empty();
    }
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) numbers.path(i).asDouble();
    }
    return Optional.of(vector);
  }
}
