package prior.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import prior.data.spark.LocalSpark;
import prior.infer.spark.PriorTransformation;
import prior.train.spark.PriorTraining;
import prior.train.spark.RunFolder;
import prior.train.spark.SmallRuns;

/**
 * A training and its predictions by two threads of the tests' own process, which clusters have to
 * equal.
 *
 * @param data prepared pairs on the local disk
 * @param model SHA-256 of each tensor file of the last checkpoint
 * @param predictions by key
 */
record SmallRun(Path data, Map<String, String> model, Map<String, List<Float>> predictions) {
  private static final String LAST = "checkpoints/round-00000006";

  static SmallRun in(Path folder) throws IOException {
    SparkSession spark = LocalSpark.session();
    Path data = SmallRuns.pairs(spark, folder, 200);
    String run = folder.resolve("run").toString();
    PriorTraining.run(
        JavaSparkContext.fromSparkContext(spark.sparkContext()),
        SmallRuns.settings(data),
        run,
        RunFolder.Mode.ERRORIFEXISTS);
    Dataset<Row> texts = spark.read().parquet(data.resolve("test").toString());
    Dataset<Row> predicted = texts.transform(PriorTransformation.of(spark, run)::apply);
    return new SmallRun(data, model(run), byKey(predicted));
  }

  /** What a run's last checkpoint holds, but the configuration, which names the data. */
  static Map<String, String> model(String run) throws IOException {
    org.apache.hadoop.fs.Path last = new org.apache.hadoop.fs.Path(run, LAST);
    FileSystem files =
        last.getFileSystem(LocalSpark.session().sparkContext().hadoopConfiguration());
    Map<String, String> digests = new TreeMap<>();
    for (FileStatus file : files.listStatus(last)) {
      String name = file.getPath().getName();
      if (name.endsWith(".safetensors")) {
        try (FSDataInputStream in = files.open(file.getPath())) {
          digests.put(name, DigestUtils.sha256Hex(in));
        }
      }
    }
    assertThat(digests)
        .containsOnlyKeys("model.safetensors", "ema.safetensors", "optimizer.safetensors");
    return digests;
  }

  static Map<String, List<Float>> predictions(String output) {
    return byKey(LocalSpark.session().read().parquet(output));
  }

  private static Map<String, List<Float>> byKey(Dataset<Row> table) {
    Map<String, List<Float>> byKey = new TreeMap<>();
    for (Row row : table.select("key", "predicted_image_embedding").collectAsList()) {
      assertThat(byKey.put(row.getString(0), row.getList(1))).as(row.getString(0)).isNull();
    }
    assertThat(byKey).isNotEmpty();
    return byKey;
  }

  /** Arguments of PriorTrainJob for the same training elsewhere. */
  List<String> training(String where, String run) {
    List<String> arguments = new ArrayList<>(List.of("--run", run));
    SmallRuns.sets(data).forEach(set -> arguments.addAll(List.of("--set", set)));
    arguments.addAll(List.of("--set", "data.train=" + where + "/train"));
    return arguments;
  }

  /** Arguments of PriorInferJob for the same predictions elsewhere. */
  static List<String> inference(String where, String run, String output) {
    return List.of("--model", run, "--input", where + "/test", "--output", output);
  }
}
