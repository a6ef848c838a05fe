package prior.infer.spark;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import prior.checkpoint.Location;
import prior.conf.ConfLoader;
import prior.data.NamedRandom;
import prior.data.PairColumns;
import prior.data.spark.LocalSpark;
import prior.data.spark.PairPreparation;
import prior.data.spark.Preparation;
import prior.infer.TrainedPrior;
import prior.train.spark.PriorTraining;
import prior.train.spark.RunFolder;

/**
 * Texts as T5 encodes them, up to 64 tokens of 1024 numbers and no embedding of the whole, and
 * images of 1280 numbers about 40 long: from a table to predictions.
 */
@Tag("spark")
class OtherEncodersTest {
  private static final int ROWS = 120;
  private static final int TOKENS = 64;
  private static final int WIDTH = 1024;
  private static final int IMAGE = 1280;

  private static Path data;

  private final SparkSession session = LocalSpark.session();

  @TempDir private Path temp;

  @BeforeAll
  static void prepare(@TempDir Path folder) {
    DataType vector = DataTypes.createArrayType(DataTypes.FloatType, false);
    StructType schema =
        new StructType()
            .add("id", DataTypes.StringType)
            .add("t5", DataTypes.createArrayType(vector, false))
            .add("bigg", vector);
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      rows.add(row(row));
    }
    Path raw = folder.resolve("raw");
    LocalSpark.session()
        .createDataFrame(rows, schema)
        .withColumn("counts", expr("transform(sequence(1, size(t5)), i -> i < size(t5))"))
        .coalesce(2)
        .write()
        .parquet(raw.toString());
    data = folder.resolve("data");
    PairPreparation.run(LocalSpark.session(), preparation(raw));
  }

  private static Preparation preparation(Path raw) {
    PairColumns columns = PairColumns.of(null, "bigg", Optional.of("id"));
    return new Preparation(
        raw.toString(),
        data.toString(),
        false,
        columns,
        "T5 and OpenCLIP bigG",
        0.1,
        0.1,
        1,
        16,
        64,
        false,
        0);
  }

  /** A text of 3 to 64 tokens about one direction, which the image has too, beside its mean. */
  private static Row row(int row) {
    NamedRandom random = NamedRandom.of(5, "row", row);
    float[][] tokens = new float[3 + random.nextInt(TOKENS - 2)][WIDTH];
    int topic = random.nextInt(WIDTH);
    for (float[] token : tokens) {
      random.fillGaussian(token, 0, WIDTH);
      token[topic] += 40;
    }
    float[] image = new float[IMAGE];
    random.fillGaussian(image, 0, IMAGE);
    for (int i = 0; i < IMAGE; i++) {
      image[i] = 0.2f * image[i] + (i % 7 == 0 ? 3 : 0);
    }
    image[topic] += 5;
    return RowFactory.create("row " + row, tokens, image);
  }

  private static List<String> sets(String... more) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "prior.net.dim=256",
                "prior.net.depth=1",
                "prior.net.heads=4",
                "prior.net.dim_head=32",
                "prior.net.num_timesteps=20",
                "prior.timesteps=20",
                "prior.net.max_text_len=64",
                "prior.net.text_width=1024",
                "prior.net.text_embed_width=0",
                "prior.net.image_width=1280",
                "prior.net.text_padding=masked",
                "prior.condition_on_text_encodings=true",
                "prior.image_scale=mean-std",
                "data.train=" + data.resolve("train"),
                "data.columns.text_embedding=null",
                "data.columns.text_encodings=t5",
                "data.columns.text_mask=counts",
                "data.columns.key=key",
                "data.batch_size=8",
                "train.max_steps=6",
                "spark.averaging_frequency=3",
                "infer.steps=3"));
    sets.addAll(List.of(more));
    return sets;
  }

  private Path train(String name, String... more) {
    Path run = temp.resolve(name);
    PriorTraining.run(
        JavaSparkContext.fromSparkContext(session.sparkContext()),
        ConfLoader.load(List.of(), sets(more)),
        run.toString(),
        RunFolder.Mode.RESUME);
    return run;
  }

  private Path predict(Path run, String name, String... sets) {
    Path output = temp.resolve(name);
    TrainedPrior model = TrainedPrior.open(Location.of(run.toString()), List.of(sets));
    Inference.run(model, data.resolve("test"), output, WriteMode.ERRORIFEXISTS);
    return output;
  }

  @Test
  void predictionsComeBackInTheImagesOwnSpace() {
    Path run = train("run");
    Path output = predict(run, "ddim");
    List<Row> rows =
        session
            .read()
            .parquet(output.toString())
            .selectExpr(
                "size(predicted_image_embedding)",
                "aggregate(transform(filter(predicted_image_embedding, (x, i) -> i % 7 = 0),"
                    + " x -> double(x)), double(0), (a, x) -> a + x) / 183")
            .collectAsList();
    assertThat(rows).isNotEmpty();
    for (Row row : rows) {
      assertThat(row.getInt(0)).isEqualTo(IMAGE);
      assertThat(row.getDouble(1)).isBetween(2.5, 3.5);
    }
    Path again = predict(run, "dpmpp", "infer.sampler=dpmpp", "infer.cond_scale=1.5");
    assertThat(session.read().parquet(again.toString()).count()).isEqualTo(rows.size());
  }

  @Test
  void anEvaluationLeavesOutWhatNeedsTexts() throws IOException {
    Path run = train("evaluated", "train.max_steps=2");
    TrainedPrior model = TrainedPrior.open(Location.of(run.toString()), List.of());
    Path output = temp.resolve("evaluation");
    String table =
        PriorEvaluation.run(
            session, model, data.resolve("test").toString(), output.toString(), false);
    assertThat(table)
        .contains("texts cannot be compared with images", "cosine(predicted, own image)")
        .doesNotContain("NaN", "cosine(predicted, own text)");
    assertThat(output.resolve("evaluation.json"))
        .content()
        .contains("\"cosine_text_image\" : null")
        .doesNotContain("NaN");
  }

  @Test
  void everySampleIsKeptWhereNoTextEmbeddingChooses() {
    Path run = train("whitened", "prior.net.text_padding=null-rows", "train.max_steps=2");
    Path all = predict(run, "all", "infer.samples_per_text=2", "infer.keep=all");
    long texts = session.read().parquet(data.resolve("test").toString()).count();
    assertThat(session.read().parquet(all.toString()).count()).isEqualTo(2 * texts);
    assertThatThrownBy(() -> predict(run, "best", "infer.samples_per_text=2"))
        .hasMessageContaining("Cannot choose among samples")
        .hasMessageContaining("no text embedding")
        .hasMessageContaining("infer.keep = all");
  }

  @Test
  void otherWidthsThanTheDatasAreRefusedByKey() {
    assertThatThrownBy(() -> train("narrow", "prior.net.image_width=640"))
        .hasMessageContaining("prior.net.image_width");
    assertThatThrownBy(() -> train("tokens", "prior.net.text_width=768"))
        .hasMessageContaining("tokens of 768 numbers");
    assertThatThrownBy(() -> train("whitened", "prior.image_scale=whitening"))
        .hasMessageContaining("more training pairs than the 1280 numbers");
  }
}
