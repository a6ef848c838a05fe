package prior.infer.spark;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.checkpoint.RunLease;
import prior.conf.Settings;
import prior.data.DataFaults;
import prior.data.spark.SparkFailure;
import prior.fault.ExitStatus;
import prior.fault.UserFault;
import prior.infer.OutputLength;
import prior.infer.TrainedPrior;

/**
 * The work of {@code PriorInferJob}: every row of the input with its predicted image embedding
 * appended, in Parquet, with a manifest. The output appears whole or not at all, and each row once,
 * whatever failed in between.
 */
public final class PriorInference {
  private static final Logger LOG = LoggerFactory.getLogger(PriorInference.class);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

  private final SparkSession spark;
  private final TrainedPrior model;
  private final InferRequest request;
  private final Configuration hadoop;
  private final long started = System.nanoTime();

  private PriorInference(SparkSession spark, TrainedPrior model, InferRequest request) {
    this.spark = spark;
    this.model = model;
    this.request = request;
    this.hadoop = spark.sparkContext().hadoopConfiguration();
  }

  /**
   * Predicts a whole input.
   *
   * @return what was done, in one sentence
   * @throws UserFault where input or output cannot be used; the output is as it was then
   */
  public static String run(SparkSession spark, TrainedPrior model, InferRequest request) {
    try {
      return new PriorInference(spark, model, request).run();
    } catch (Exception e) { // Scala throws checked ones unannounced
      throw SparkFailure.cause(e);
    }
  }

  private String run() {
    try (StagedOutput output =
        StagedOutput.take(hadoop, request.target(), RunLease.Timing.DEFAULT)) {
      return run(output);
    } catch (IOException e) {
      throw DataFaults.storage("write", request.output(), e);
    }
  }

  private String run(StagedOutput output) throws IOException {
    if (request.mode() == WriteMode.ERRORIFEXISTS) {
      output.refuseExisting();
    }
    OutputLength length = OutputLength.of(model);
    InferInput input = InferInput.open(spark, request.input(), model);
    TextCells cells =
        TextCells.find(input.rows().schema(), input.kept(), input.vectors(), model.settings());
    cells.refuseColumn(request.partitionColumn());
    Optional<Plan> unfinished =
        request.mode() == WriteMode.RESUME ? output.unfinished() : Optional.empty();
    Slices slices = Slices.of(spark, input.rows(), unfinished.map(Plan::splitBytes));
    Plan now = plan(slices, cells, length);
    StructType written = cells.written(PredictedColumns.of(model.settings()));
    boolean ended =
        output.published().filter(m -> unfinished.map(m::holdsRun).orElse(false)).isPresent();
    if (ended) {
      output.markWhole();
    }
    if (ended || (unfinished.isEmpty() && alreadyThere(output, now, written))) {
      output.discard();
      return "nothing to do: %s holds these predictions already".formatted(output.target());
    }
    unfinished.ifPresent(before -> now.refuseOther(before, output.target().toString()));
    if (unfinished.isEmpty()) {
      output.begin(now);
    }
    return predict(output, input, cells, slices, unfinished.orElse(now));
  }

  private Plan plan(Slices slices, TextCells cells, OutputLength length) {
    Settings settings = model.settings();
    String options =
        "%s %s %s %s keyed by %s"
            .formatted(
                settings.infer(),
                settings.data().columns(),
                settings.prior(),
                length,
                cells.keyedBy());
    return Plan.of(request.mode(), model.id(), options, slices.splitBytes(), slices.units());
  }

  /** Whether nothing is to be added or resumed; refuses what cannot be added to. */
  private boolean alreadyThere(StagedOutput output, Plan now, StructType written)
      throws IOException {
    boolean adds = request.mode() == WriteMode.APPEND;
    if (!output.exists() || (!adds && request.mode() != WriteMode.RESUME)) {
      return false;
    }
    OutputManifest there =
        output
            .published()
            .orElseThrow(
                () ->
                    UserFault.usage(
                        "Cannot %s %s: expected an output of this job, found a folder without %s"
                            .formatted(verb(), output.target(), OutputManifest.FILE)));
    if (there.holds(now)) {
      return true;
    }
    if (!adds) {
      throw UserFault.usage(
          ("Cannot resume %s: it is whole, and was made with another input, model or options;"
                  + " expected job %s, found %s; --mode overwrite replaces it")
              .formatted(output.target(), now.id(), there.runs().get(0).id()));
    }
    if (!there.schema().equals(written.json())) {
      throw UserFault.usage(
          "Cannot append to %s: expected rows of its schema %s, found %s"
              .formatted(
                  output.target(),
                  ((StructType) StructType.fromJson(there.schema())).simpleString(),
                  written.simpleString()));
    }
    return false;
  }

  private String verb() {
    return request.mode() == WriteMode.APPEND ? "append to" : "resume";
  }

  private String predict(
      StagedOutput output, InferInput input, TextCells cells, Slices slices, Plan plan)
      throws IOException {
    StructType written = cells.written(PredictedColumns.of(model.settings()));
    Map<Integer, DoneUnit> before = output.done();
    LOG.info(
        "predicting {} rows in {} units, of which {} are done; noise is named by {}",
        input.facts().rows() < 0 ? "unknown" : input.facts().rows(),
        slices.units().size(),
        before.size(),
        cells.keyedBy());
    for (String name : cells.nullAttributes(model.settings())) {
      LOG.warn(
          "attribute {} is null for all rows: no column of the input and no infer.attributes.{}",
          name,
          name);
    }
    LOG.info(Memory.of(spark, model).line());
    PartitionPrediction predict = PartitionPrediction.of(spark, model, cells);
    UnitRun units = new UnitRun(spark, predict, model.settings().infer(), written);
    try (Journal journal = output.journal()) {
      new PartitionProgress(BETWEEN_LINES, LOG::info)
          .follow(
              spark.sparkContext(),
              "predicting images of " + request.input(),
              () -> units.run(slices, plan, output.work().toString(), before.keySet(), journal));
    } catch (Exception e) { // Scala throws checked ones unannounced
      RuntimeException cause = SparkFailure.cause(e);
      if (cause instanceof UserFault fault && fault.status() == ExitStatus.DATA) {
        output.discard(); // other data or options make another job
      }
      throw cause;
    }
    OutputManifest.Run run = account(output.done(), before.size(), input, cells, plan);
    output.publish(plan, run, written.json(), output.done().values());
    return "predicted %,d rows in %.0f s, %.1f rows/s; %,d skipped; in %s"
        .formatted(run.rows(), run.seconds(), run.rowsPerSecond(), run.skipped(), output.target());
  }

  /** Adds up what was done, and makes sure that every row of the input is in it once. */
  private OutputManifest.Run account(
      Map<Integer, DoneUnit> done, int resumed, InferInput input, TextCells cells, Plan plan) {
    long read = done.values().stream().mapToLong(DoneUnit::rows).sum();
    long rows = done.values().stream().mapToLong(DoneUnit::written).sum();
    long skipped = done.values().stream().mapToLong(DoneUnit::skipped).sum();
    long expected = input.facts().rows() < 0 ? read : input.facts().rows();
    int perText = model.settings().infer().keptPerText();
    if (done.size() != plan.units().size()
        || read != expected
        || rows != (read - skipped) * perText) {
      throw DataFaults.unreadable(
          request.input(),
          "it changed while it was read",
          "%d rows in %d units".formatted(expected, plan.units().size()),
          "%d in %d, %d rows of predictions and %d skipped"
              .formatted(read, done.size(), rows, skipped));
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    return new OutputManifest.Run(
        plan.run(),
        plan.id(),
        request.input(),
        read,
        rows,
        skipped,
        perText,
        model.id(),
        model.configHash(),
        Fingerprint.of(plan.options()),
        cells.keyedBy(),
        plan.units().size(),
        resumed,
        seconds,
        rows / seconds,
        done.values().stream().mapToDouble(DoneUnit::seconds).sum());
  }
}
