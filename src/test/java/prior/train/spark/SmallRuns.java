package prior.train.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import prior.conf.ConfLoader;
import prior.data.PairColumns;
import prior.data.spark.PairPreparation;
import prior.data.spark.Preparation;
import prior.data.spark.SyntheticFolder;

/** Prepared synthetic pairs and settings small enough to train in seconds. */
public final class SmallRuns {
  private SmallRuns() {}

  /** Prepares pairs of width 16 below a folder, in row groups of 16, and returns where they are. */
  public static Path pairs(SparkSession spark, Path folder, long rows) {
    return pairs(spark, folder, rows, 16);
  }

  /** The same with another width. */
  public static Path pairs(SparkSession spark, Path folder, long rows, int width) {
    Path raw = folder.resolve("raw");
    Path data = folder.resolve("data");
    SyntheticFolder.write(spark, raw.toString(), true, 7, width, rows, 1000);
    PairColumns columns =
        PairColumns.of("text_embedding", "image_embedding", Optional.of("image_path"));
    PairPreparation.run(
        spark,
        new Preparation(
            raw.toString(),
            data.toString(),
            false,
            columns,
            "synthetic",
            0.1,
            0.1,
            1,
            16,
            64,
            false,
            0));
    return data;
  }

  /** Settings for a network of width 16 on prepared pairs, with what a test sets over them. */
  public static ConfLoader.Loaded settings(Path data, String... sets) {
    List<String> all = new ArrayList<>(sets(data));
    all.addAll(List.of(sets));
    return ConfLoader.load(List.of(), all);
  }

  /** The same as a job's {@code --set} options. */
  public static List<String> sets(Path data) {
    return List.of(
        "prior.net.dim=16",
        "prior.net.depth=2",
        "prior.net.heads=2",
        "prior.net.dim_head=8",
        "prior.net.max_text_len=1",
        "prior.net.num_timesteps=20",
        "prior.timesteps=20",
        "data.train=" + data.resolve("train"),
        "data.columns.key=key",
        "data.batch_size=8",
        "train.max_steps=12",
        "train.checkpoint_every_rounds=2",
        "spark.averaging_frequency=2",
        "infer.steps=5");
  }

  /** Every file of a folder by its path in it, as text that shows each byte. */
  static TreeMap<String, String> bytes(Path folder) {
    TreeMap<String, String> bytes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] content = Files.readAllBytes(file);
        bytes.put(
            folder.relativize(file).toString(),
            new String(content, java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }
}
