package prior.cli;

import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import prior.conf.BadDataPolicy;
import prior.conf.ColumnsConf;
import prior.conf.PrepareConf;
import prior.conf.Settings;
import prior.data.PairColumns;
import prior.data.Split;
import prior.data.spark.PairPreparation;
import prior.data.spark.Preparation;
import prior.data.spark.PreparedStatistics;
import prior.data.spark.SyntheticFolder;

/** Where pairs come from and where prepared ones go. */
public final class PrepareArguments {
  private static final int ROWS_PER_SHARD = 10_000;

  @ArgGroup(multiplicity = "1")
  private From from;

  @Option(names = "--output", required = true, description = "Folder to write.")
  private String output;

  private static final class From {
    @Option(
        names = "--input",
        description = "A clip-retrieval folder (img_emb, text_emb, metadata), or Parquet.")
    private String input;

    @Option(
        names = "--synthetic",
        paramLabel = "ROWS",
        description = "Make this many pairs with CLIP's geometry instead.")
    private Long synthetic;
  }

  /** Prepares and says what was prepared. */
  public String prepare(SparkSession spark, Settings settings, OutputMode mode) {
    String input = from.input == null ? output + "-synthetic" : from.input;
    if (from.synthetic != null) {
      int width = settings.prior().net().dim();
      long seed = settings.prepare().seed();
      SyntheticFolder.write(spark, input, true, seed, width, from.synthetic, ROWS_PER_SHARD);
    }
    return sentence(PairPreparation.run(spark, preparation(settings, input, mode)));
  }

  private Preparation preparation(Settings settings, String input, OutputMode mode) {
    PrepareConf prepare = settings.prepare();
    ColumnsConf columns = settings.data().columns();
    return new Preparation(
        input,
        output,
        mode.overwrites(),
        PairColumns.of(
            columns.textEmbedding(), columns.imageEmbedding(), Optional.ofNullable(prepare.key())),
        prepare.clip(),
        prepare.valFraction(),
        prepare.testFraction(),
        prepare.seed(),
        prepare.rowsPerGroup(),
        prepare.rowsPerFile(),
        prepare.badRows() == BadDataPolicy.SKIP,
        prepare.maxBadRows());
  }

  private String sentence(PreparedStatistics done) {
    long skipped = done.skipped().values().stream().mapToLong(Long::longValue).sum();
    return String.format(
        Locale.ROOT,
        "prepared %,d pairs of %s: %,d train, %,d val, %,d test, %,d skipped;%s in %s",
        done.all().rows(),
        widths(done.textWidth(), done.imageWidth()),
        done.rows(Split.TRAIN),
        done.rows(Split.VAL),
        done.rows(Split.TEST),
        skipped,
        done.textWidth() == done.imageWidth()
            ? String.format(Locale.ROOT, " cosine(text, image) %.4f;", done.baselineCosine())
            : "",
        output);
  }

  private static String widths(int text, int image) {
    if (text == image) {
      return "width " + text;
    }
    return "image width "
        + image
        + (text == 0 ? " without text embeddings" : ", text width " + text);
  }
}
