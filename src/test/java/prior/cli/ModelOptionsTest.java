package prior.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import prior.data.spark.LocalSpark;
import prior.exchange.Exchanges;
import prior.exchange.Format;
import prior.fault.UserFault;
import prior.infer.TrainedPrior;
import prior.infer.spark.InferRequest;
import prior.infer.spark.PriorInference;
import prior.infer.spark.WriteMode;
import prior.train.spark.SmallRuns;

/** An imported model is used as one that was trained here. */
@Tag("spark")
class ModelOptionsTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/reference/d2_06_no_text_encodings");

  private final SparkSession spark = LocalSpark.session();

  @TempDir private Path temp;
  private Path imported;

  @BeforeEach
  void importModel() {
    imported =
        Exchanges.imported(
            Format.DALLE2,
            Exchanges.dalle2(GOLDEN, temp.resolve("foreign")),
            temp.resolve("imported"));
  }

  private TrainedPrior load(String... more) {
    List<String> arguments = new ArrayList<>(List.of("--model", imported.toString()));
    arguments.addAll(List.of(more));
    ModelOptions options =
        CommandLine.populateCommand(new ModelOptions(), arguments.toArray(String[]::new));
    return options.load(spark, new ConfigOptions());
  }

  @Test
  void withoutAnAverageTheOnlineWeightsAreTakenUnlessTheAverageIsAskedFor() {
    assertThat(load().id()).startsWith("imported/online/");
    assertThatThrownBy(() -> load("--weights", "EMA"))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("ema.safetensors");
  }

  @Test
  void predictsWithoutFurtherSettings() {
    Path data = SmallRuns.pairs(spark, temp, 60, 32);
    Path output = temp.resolve("predicted");
    String input = temp.resolve("texts").toString(); // of no CLIP that is known
    spark.read().parquet(data.resolve("train").toString()).write().parquet(input);
    PriorInference.run(
        spark, load(), new InferRequest(input, output.toString(), null, WriteMode.ERRORIFEXISTS));
    assertThat(spark.read().parquet(output.toString()).count())
        .isEqualTo(spark.read().parquet(input).count());
  }
}
