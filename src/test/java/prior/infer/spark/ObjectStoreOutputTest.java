package prior.infer.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.util.Progressable;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import prior.checkpoint.RunLease;
import prior.data.Retry;
import prior.data.spark.LocalSpark;
import prior.data.spark.S3Store;
import prior.data.spark.TextFile;
import prior.fault.UserFault;
import prior.train.spark.SmallRuns;

/**
 * Predictions on S3, where no folder can be renamed: what lies there after work and after stops.
 */
@Tag("cluster")
class ObjectStoreOutputTest {
  private static final RunLease.Timing QUICK =
      new RunLease.Timing(Duration.ofMillis(200), Duration.ofMillis(100));
  private static final OutputManifest.Run BEFORE = run("before");
  private static final String OURS = "ours";
  private static final String SKIPS = "skips.jsonl";

  @TempDir private static Path folder;
  private static Path texts;
  private static String bucket;

  private final SparkSession spark = LocalSpark.session();
  private final Configuration hadoop = spark.sparkContext().hadoopConfiguration();

  @BeforeAll
  static void start() {
    texts = SmallRuns.pairs(LocalSpark.session(), folder, 200).resolve("train");
    bucket = S3Store.bucket("predictions");
  }

  private static String predict(String input, String output, WriteMode mode) {
    InferRequest request = new InferRequest(input, output, null, mode);
    return PriorInference.run(LocalSpark.session(), Inference.model(), request);
  }

  private Set<String> names(org.apache.hadoop.fs.Path path) throws IOException {
    Set<String> names = new TreeSet<>();
    for (FileStatus there : path.getFileSystem(hadoop).listStatus(path)) {
      names.add(there.getPath().getName());
    }
    return names;
  }

  @Test
  void predictionsOnS3AreThoseOfALocalDiskAndResumingThemDoesNothing() throws IOException {
    Path here = folder.resolve("here");
    predict(texts.toString(), here.toString(), WriteMode.RESUME);
    String input = bucket + "/texts";
    org.apache.hadoop.fs.Path in = new org.apache.hadoop.fs.Path(input);
    in.getFileSystem(hadoop).copyFromLocalFile(new org.apache.hadoop.fs.Path(texts.toUri()), in);
    String there = bucket + "/out/ds=2026-01-05";
    for (WriteMode mode : List.of(WriteMode.RESUME, WriteMode.OVERWRITE)) {
      predict(input, there, mode);
      assertThat(spark.read().parquet(there).collectAsList())
          .containsExactlyInAnyOrderElementsOf(
              spark.read().parquet(here.toString()).collectAsList());
    }
    assertThat(predict(input, there, WriteMode.RESUME)).startsWith("nothing to do");
    assertThat(predict(input, there, WriteMode.APPEND)).startsWith("nothing to do");
    org.apache.hadoop.fs.Path out = new org.apache.hadoop.fs.Path(there);
    assertThat(names(out)).contains("_SUCCESS", "_manifest.json");
    assertThat(names(out.getParent())).containsExactly("ds=2026-01-05");
  }

  /** S3A whose connection ends for good after so many changes of what is stored. */
  public static final class Ending extends S3AFileSystem {
    private static int left;

    private static void spend() throws IOException {
      if (--left < 0) {
        throw new IOException("ended here");
      }
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        FsPermission permission,
        boolean overwrite,
        int buffer,
        short replication,
        long block,
        Progressable progress)
        throws IOException {
      spend();
      return super.create(file, permission, overwrite, buffer, replication, block, progress);
    }

    /** A folder's files go one after the other, as S3A copies them. */
    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
        throws IOException {
      if (getFileStatus(from).isFile()) {
        spend();
        return super.rename(from, to);
      }
      for (FileStatus child : listStatus(from)) {
        String name = child.getPath().getName();
        rename(child.getPath(), new org.apache.hadoop.fs.Path(to, name));
      }
      return super.delete(from, true);
    }

    @Override
    public boolean delete(org.apache.hadoop.fs.Path path, boolean recursive) throws IOException {
      spend();
      return super.delete(path, recursive);
    }

    @Override
    public boolean mkdirs(org.apache.hadoop.fs.Path path, FsPermission permission)
        throws IOException {
      spend();
      return super.mkdirs(path, permission);
    }
  }

  private Configuration ending() {
    Configuration conf = new Configuration(hadoop);
    conf.setClass("fs.s3a.impl", Ending.class, FileSystem.class);
    conf.setBoolean("fs.s3a.impl.disable.cache", true);
    conf.setInt(Retry.ATTEMPTS, 1);
    Ending.left = Integer.MAX_VALUE;
    return conf;
  }

  private static OutputManifest.Run run(String run) {
    return new OutputManifest.Run(
        run, "of " + run, "in", 2, 2, 0, 1, "m", "c", "o", "k", 2, 0, 1, 1, 1);
  }

  private static DoneUnit unit(int number, String job) {
    String name = "part-%06d-%s".formatted(number, job);
    String skips = number == 1 && job.equals(OURS) ? SKIPS : null;
    return new DoneUnit(
        number, 1, 0, skips, 1, List.of(new DoneUnit.Part("a." + name, name, 1, 1, "x")));
  }

  /** Two units of a job, written but not published. */
  private static List<DoneUnit> work(StagedOutput output, Configuration conf, String job)
      throws IOException {
    List<DoneUnit> done = List.of(unit(0, job), unit(1, job));
    for (DoneUnit unit : done) {
      org.apache.hadoop.fs.Path file =
          new org.apache.hadoop.fs.Path(output.work(), unit.files().get(0).attempt());
      TextFile.write(file.getFileSystem(conf), file, job);
    }
    org.apache.hadoop.fs.Path skips = new org.apache.hadoop.fs.Path(output.work(), SKIPS);
    TextFile.write(skips.getFileSystem(conf), skips, "a row\n");
    return done;
  }

  private void publishedBefore(org.apache.hadoop.fs.Path target) throws IOException {
    try (StagedOutput output = StagedOutput.take(hadoop, target, QUICK)) {
      Plan plan = Plan.of(WriteMode.RESUME, "m", "before", 1, List.of("a", "b"));
      output.begin(plan);
      output.publish(plan, BEFORE, "{}", work(output, hadoop, "before"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = WriteMode.class,
      names = {"RESUME", "OVERWRITE", "APPEND"})
  void whereverAPublicationStopsSuccessIsToldOfWholeOutputsOnlyAndResumingEndsIt(WriteMode mode)
      throws IOException {
    boolean replaces = mode != WriteMode.RESUME;
    Set<String> old = Set.of("part-000000-before", "part-000001-before");
    Set<String> ours = Set.of("part-000000-ours", "part-000001-ours");
    Set<String> whole = new TreeSet<>(ours);
    if (mode == WriteMode.APPEND) {
      whole.addAll(old);
    }
    boolean stopped = true;
    for (int changes = 0; stopped; changes++) {
      String place = bucket + "/" + mode + "/" + changes + "/out";
      org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(place);
      if (replaces) {
        publishedBefore(target);
      }
      Plan plan = Plan.of(mode, "m", "ours", 1, List.of("a", "b"));
      OutputManifest.Run run = run(plan.run());
      Configuration conf = ending();
      List<DoneUnit> done = new ArrayList<>();
      try (StagedOutput output = StagedOutput.take(conf, target, QUICK)) {
        output.begin(plan);
        done.addAll(work(output, hadoop, OURS));
        Ending.left = changes;
        output.publish(plan, run, "{}", done);
        Ending.left = Integer.MAX_VALUE;
        stopped = false;
      } catch (IOException | UserFault e) {
        Ending.left = Integer.MAX_VALUE;
      }
      Set<String> seen = seen(target);
      if (seen.contains("_SUCCESS")) {
        assertThat(rows(seen)).as("after %d changes", changes).isIn(old, whole);
      }
      if (stopped) {
        goOn(target, plan, run, done);
      }
      assertThat(rows(seen(target))).as("after %d changes", changes).isEqualTo(whole);
      assertThat(seen(target)).contains("_SUCCESS", "_manifest.json");
      assertThat(skips(target)).as("after %d changes", changes).containsExactly("a row");
      assertThat(names(target.getParent())).containsExactly("out");
    }
  }

  /** What {@code --mode resume} does with an output whose units are all done. */
  private void goOn(
      org.apache.hadoop.fs.Path target, Plan plan, OutputManifest.Run run, List<DoneUnit> done)
      throws IOException {
    try (StagedOutput output = StagedOutput.take(hadoop, target, QUICK)) {
      assertThat(output.unfinished().map(Plan::run)).contains(plan.run());
      if (output.published().filter(there -> there.holdsRun(plan)).isPresent()) {
        output.markWhole();
        output.discard();
      } else {
        output.publish(plan, run, "{}", done);
      }
    }
  }

  private List<String> skips(org.apache.hadoop.fs.Path target) throws IOException {
    List<String> skips = new ArrayList<>();
    org.apache.hadoop.fs.Path list = new org.apache.hadoop.fs.Path(target, "_skipped.jsonl");
    TextFile.lines(list.getFileSystem(hadoop), list, skips::add);
    return skips;
  }

  private Set<String> seen(org.apache.hadoop.fs.Path target) throws IOException {
    return target.getFileSystem(hadoop).exists(target) ? names(target) : Set.of();
  }

  private static Set<String> rows(Set<String> names) {
    Set<String> rows = new TreeSet<>(names);
    rows.removeIf(name -> name.startsWith("_"));
    return rows;
  }
}
