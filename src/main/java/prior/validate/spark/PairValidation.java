package prior.validate.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import prior.conf.ConfLoader;
import prior.conf.InferConf;
import prior.conf.Settings;
import prior.data.DataFaults;
import prior.data.PairColumns;
import prior.data.WorkUnit;
import prior.data.spark.ParquetPairs;
import prior.data.spark.PreparedFolder;
import prior.infer.HeldOutLoss;
import prior.train.TrainedColumns;
import prior.train.Validation;
import prior.train.spark.PairReader;
import prior.train.spark.SharedFloats;
import prior.train.spark.Validator;
import prior.validate.BlockMeasure;
import prior.validate.BlockMeter;
import prior.validate.FixedDraws;
import prior.validate.MeasuredBlocks;
import prior.validate.PairsToMeasure;

/** Measures weights on held-out pairs, spread over the executors. */
public final class PairValidation implements Validator {
  private static final int FEWEST_PAIRS = 2;

  private final JavaSparkContext spark;
  private final String data;
  private final int tasks;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final PairReader reader;
  private final BlockMeter meter;
  private final List<NumberedBatch> blocks;
  private final float[] meanImage;

  private PairValidation(JavaSparkContext spark, Settings settings, BlockMeter meter, Pairs pairs) {
    Configuration conf = spark.hadoopConfiguration();
    PairColumns columns = TrainedColumns.of(settings);
    this.spark = spark;
    this.data = pairs.data();
    this.tasks = settings.spark().workers();
    this.hadoop = spark.broadcast(new SerializableConfiguration(conf));
    this.reader =
        new PairReader(
            settings.prior(),
            columns,
            settings.validation().seed(),
            settings.data().onBadShard(),
            hadoop);
    this.meter = meter;
    this.blocks = NumberedBatch.of(units(conf, settings, columns), pairs.most());
    this.meanImage = PreparedFolder.meanImage(conf, data).orElse(null);
  }

  /** As {@link Validator.Opening} asks for it. */
  public static Validator open(JavaSparkContext spark, ConfLoader.Loaded loaded, Pairs pairs) {
    BlockMeter meter = meter(loaded, spark.getConf().getInt("spark.task.cpus", 1));
    return new PairValidation(spark, loaded.settings(), meter, pairs);
  }

  /** Measures the loss of a model as the validation of its run does, on as many pairs as eval. */
  public static HeldOutLoss.Meter losses(SparkSession spark) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return (model, input) -> {
      Settings settings = model.settings();
      BlockMeter meter = new BlockMeter(settings.prior(), draws(settings), List.of(), 0);
      Pairs pairs = new Pairs(input, settings.eval().maxRows());
      try (PairValidation validation = new PairValidation(context, settings, meter, pairs)) {
        Validation.Losses losses = validation.measure(model.weights(), null).online();
        return new HeldOutLoss(losses.loss(), losses.byTime(), losses.squaredError());
      }
    };
  }

  private List<WorkUnit> units(Configuration conf, Settings settings, PairColumns columns) {
    List<WorkUnit> units =
        switch (settings.data().onBadShard()) {
          case FAIL -> ParquetPairs.plan(conf, data, columns);
          case SKIP -> ParquetPairs.planSound(conf, data, columns).units();
        };
    long rows = units.stream().mapToLong(WorkUnit::rows).sum();
    if (rows < FEWEST_PAIRS) {
      throw DataFaults.unreadable(data, "too few pairs to validate on", "at least 2", rows);
    }
    return units;
  }

  private static FixedDraws draws(Settings settings) {
    return new FixedDraws(
        settings.validation().seed(),
        settings.prior().trainTimesteps(),
        settings.prior().imageDim(),
        settings.validation().noiseDrawsPerPair());
  }

  private static BlockMeter meter(ConfLoader.Loaded loaded, int threads) {
    Settings settings = loaded.settings();
    List<InferConf> sampling = new ArrayList<>();
    for (int steps : settings.validation().steps()) {
      sampling.add(
          loaded
              .with(
                  "infer.steps=" + Math.min(steps, settings.prior().trainTimesteps()),
                  "infer.samples_per_text=1",
                  "infer.seed=" + settings.validation().seed(),
                  "infer.batch_size=" + PairsToMeasure.BLOCK * threads)
              .infer());
    }
    int twice = settings.validation().diversityTexts() + PairsToMeasure.BLOCK - 1;
    return new BlockMeter(
        settings.prior(), draws(settings), sampling, twice / PairsToMeasure.BLOCK);
  }

  @Override
  public Validation measure(float[] online, float[] ema) {
    long started = System.nanoTime();
    List<SharedFloats> weights = new ArrayList<>(List.of(SharedFloats.of(spark, online)));
    if (ema != null) {
      weights.add(SharedFloats.of(spark, ema));
    }
    try {
      spark.setJobDescription("validating on " + data);
      List<BlockMeasure> measured =
          spark
              .parallelize(blocks, Math.min(tasks, blocks.size()))
              .mapPartitions(new MeasureBlocks(reader, meter, weights))
              .collect();
      return validation(new MeasuredBlocks(measured), ema != null, started);
    } finally {
      weights.forEach(SharedFloats::destroy);
    }
  }

  private Validation validation(MeasuredBlocks measured, boolean averaged, long started) {
    if (measured.pairs() < FEWEST_PAIRS) {
      throw DataFaults.unreadable(
          data, "too few pairs to validate on", "at least 2", measured.pairs());
    }
    List<Validation.Samples> samples = new ArrayList<>();
    for (int i = 0; i < measured.sampled(); i++) {
      samples.add(measured.samples(i, averaged ? "ema" : "online", meanImage));
    }
    Validation.Picture picture = samples.isEmpty() ? null : measured.picture(meanImage);
    return new Validation(
        measured.pairs(),
        (System.nanoTime() - started) / 1e9,
        measured.losses(0),
        averaged ? measured.losses(1) : null,
        samples,
        picture);
  }

  @Override
  public void close() {
    hadoop.destroy();
  }
}
