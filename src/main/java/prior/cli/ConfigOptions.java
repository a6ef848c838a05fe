package prior.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;
import prior.conf.ConfLoader;
import prior.fault.UserFault;
import prior.train.spark.RunFolder;
import prior.train.spark.StartingPoint;

/** The options about configuration that every job has. */
public final class ConfigOptions {
  @Option(names = "--config", paramLabel = "FILE", description = "Configuration in HOCON or JSON.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting over the file's, for example train.lr=1e-4; may be repeated.")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--print-config", description = "Print the effective configuration and stop.")
  private boolean printOnly;

  @Option(names = "--help", usageHelp = true, description = "Show this and stop.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  /** The configuration the options name. */
  public ConfLoader.Loaded load() {
    return ConfLoader.load(files(), sets);
  }

  /** The configuration of a training run, which may begin from a checkpoint. */
  public ConfLoader.Loaded loadForRun(String run, RunFolder.Mode mode) {
    return StartingPoint.settings(files(), sets, run, mode);
  }

  /** The same, over another configuration. */
  public ConfLoader.Loaded loadOver(ConfLoader.Source base) {
    List<ConfLoader.Source> files = new ArrayList<>(List.of(base));
    files.addAll(files());
    return ConfLoader.load(files, sets);
  }

  private List<ConfLoader.Source> files() {
    if (file == null) {
      return List.of();
    }
    try {
      return List.of(new ConfLoader.Source(file.toString(), Files.readString(file)));
    } catch (IOException e) {
      throw UserFault.usage("Cannot read " + file + ": expected a readable file, found " + e);
    }
  }

  /** Whether only the configuration is wanted. */
  public boolean printOnly() {
    return printOnly;
  }

  /** The session the job runs in; spark-submit has said where. */
  public static SparkSession spark(Class<?> job) {
    SparkConf conf = new SparkConf().setAppName(job.getSimpleName());
    // Spark's 4 MB and an object's head take twice their room in a heap of 4 MB regions.
    conf.setIfMissing("spark.broadcast.blockSize", "1000k");
    return SparkSession.builder().config(conf).getOrCreate();
  }
}
