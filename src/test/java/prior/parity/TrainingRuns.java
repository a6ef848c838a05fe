package prior.parity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import prior.conf.EmaRule;
import prior.conf.LrSchedule;
import prior.conf.NonFinitePolicy;
import prior.conf.PriorConf;
import prior.data.spark.LocalSpark;
import prior.model.AdamW;
import prior.model.LearningRate;
import prior.model.NetworkShape;
import prior.model.Parameter;
import prior.model.ParameterLayout;
import prior.model.PriorGraph;
import prior.model.TrainableNetwork;
import prior.model.WeightDecayRule;
import prior.train.EmaSchedule;
import prior.train.LocalTrainer;
import prior.train.TrainingState;
import prior.train.spark.AveragingMaster;
import prior.train.spark.WorkerReport;

/** The runs that take optimizer steps: {@code train} and {@code param_average}. */
final class TrainingRuns {
  private final ReferenceCase golden;
  private final PriorConf prior;
  private final ParameterLayout layout;
  private final int runIndex;

  TrainingRuns(ReferenceCase golden, int runIndex) {
    this.golden = golden;
    this.prior = golden.prior();
    this.layout = ParameterLayout.of(NetworkShape.of(prior));
    this.runIndex = runIndex;
  }

  void train(JsonNode run) {
    trainOnline(run);
    run.path("out").path("ema").fields().forEachRemaining(ema -> trainWithEma(run, ema));
  }

  private void trainOnline(JsonNode run) {
    int steps = run.path("args").path("steps").asInt();
    LocalTrainer trainer = trainer(run, null);
    GoldenBatches batches = new GoldenBatches(golden.folder(), runIndex, 1);
    float[] loss = new float[steps];
    float[] norm = new float[steps];
    for (int k = 0; k < steps; k++) {
      LocalTrainer.Step step = trainer.step(batches.batch(k), k);
      loss[k] = (float) step.loss();
      norm[k] = (float) step.gradientNorm();
      compareParameters("out.step" + k + ".param.", trainer.state().parameters());
    }
    compare(run, "loss", loss, "loss");
    compare(run, "grad_norm", norm, "grad");
    compareLearningRates(run, steps);
    compareMoments("out.", trainer.state().moments());
  }

  private void compareLearningRates(JsonNode run, int steps) {
    float[] rates = new float[steps + 1];
    for (int k = 0; k <= steps; k++) {
      rates[k] = (float) learningRate(run.path("args")).at(k);
    }
    String expected = run.path("out").path("lr").asText();
    Agreement.elementwise(
        expected, rates, golden.tensor(expected).floats(), golden.tolerance("schedule"));
  }

  private void trainWithEma(JsonNode run, Map.Entry<String, JsonNode> ema) {
    JsonNode settings = ema.getValue().path("settings");
    EmaSchedule schedule =
        new EmaSchedule(
            EmaRule.valueOf(settings.path("rule").asText()),
            settings.path("beta").asDouble(),
            settings.path("update_after_step").asInt(),
            settings.path("update_every").asInt());
    LocalTrainer trainer = trainer(run, schedule);
    GoldenBatches batches = new GoldenBatches(golden.folder(), runIndex, 1);
    boolean equalsOnline = ema.getValue().path("equals_online_params_after_every_step").asBoolean();
    for (int k = 0; k < run.path("args").path("steps").asInt(); k++) {
      trainer.step(batches.batch(k), k);
      String prefix = "out." + ema.getKey() + ".step" + k + ".param.";
      if (equalsOnline) {
        compareParameters("out.step" + k + ".param.", trainer.state().ema());
      } else if (golden.has(prefix + layout.parameters().get(0).name())) {
        compareParameters(prefix, trainer.state().ema());
      }
    }
  }

  private LocalTrainer trainer(JsonNode run, EmaSchedule ema) {
    LocalTrainer trainer =
        new LocalTrainer(new TrainableNetwork(configuration(run.path("args")), 2), ema, 1000);
    trainer.load(TrainingState.fresh(golden.flat(layout), ema != null));
    return trainer;
  }

  private ComputationGraphConfiguration configuration(JsonNode args) {
    AdamW updater =
        new AdamW(
            learningRate(args),
            args.path("betas").path(0).asDouble(),
            args.path("betas").path(1).asDouble(),
            args.path("eps").asDouble(),
            args.path("max_grad_norm").asDouble(Double.POSITIVE_INFINITY));
    WeightDecayRule decay =
        new WeightDecayRule(args.path("wd").asDouble(), !args.path("group_wd_params").asBoolean());
    return PriorGraph.configuration(
        NetworkShape.of(prior),
        golden.trainingRule(golden.runs().path(runIndex)),
        prior.lossType(),
        updater,
        decay);
  }

  private static LearningRate learningRate(JsonNode args) {
    int steps = args.path("cosine_decay_max_steps").asInt(0);
    LearningRate.Decay decay =
        steps == 0
            ? LearningRate.Decay.NONE
            : new LearningRate.Decay(LrSchedule.COSINE, steps, 0, 1);
    return new LearningRate(args.path("lr").asDouble(), args.path("warmup_steps").asInt(0), decay);
  }

  void average(JsonNode run) {
    JsonNode args = run.path("args");
    int rounds = args.path("rounds").asInt();
    int workers = args.path("workers").asInt();
    int steps = args.path("steps_per_round").asInt();
    GoldenBatches loader = new GoldenBatches(golden.folder(), runIndex, 3);
    List<List<String>> batches = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      List<String> indices = new ArrayList<>();
      for (int i = 0; i < workers * steps; i++) {
        indices.add(loader.spec(round * workers * steps + i).text());
      }
      batches.add(indices);
    }
    List<AveragingMaster.RoundResult> results = new ArrayList<>();
    AveragingMaster master =
        new AveragingMaster(
            workers,
            steps,
            1000,
            new AveragingMaster.Rules(null, true, NonFinitePolicy.FAIL),
            results::add);
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    ComputationGraph network = PriorGraph.of(configuration(args));
    SparkComputationGraph graph = new SparkComputationGraph(spark, network, master);
    master.startFrom(TrainingState.fresh(golden.flat(layout), false));
    master.train(graph, loader, new AveragingMaster.Rounds(0, batches, "of " + rounds));
    compareRounds(run, results);
  }

  private void compareRounds(JsonNode run, List<AveragingMaster.RoundResult> results) {
    List<Float> losses = new ArrayList<>();
    List<Float> norms = new ArrayList<>();
    for (AveragingMaster.RoundResult result : results) {
      compareParameters("out.round" + result.round() + ".param.", result.state().parameters());
      for (WorkerReport report : result.reports()) {
        for (LocalTrainer.Step step : report.steps()) {
          losses.add((float) step.loss());
          norms.add((float) step.gradientNorm());
        }
      }
    }
    compare(run, "loss", array(losses), "loss");
    compare(run, "grad_norm", array(norms), "grad");
    AveragingMaster.RoundResult last = results.get(results.size() - 1);
    compareMoments("out.round" + last.round() + ".", last.state().moments());
  }

  private static float[] array(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  private void compare(JsonNode run, String role, float[] found, String group) {
    String expected = run.path("out").path(role).asText();
    Agreement.relative(expected, found, golden.tensor(expected).floats(), golden.tolerance(group));
  }

  private void compareParameters(String prefix, float[] flat) {
    for (Parameter parameter : layout.parameters()) {
      String name = prefix + parameter.name();
      Agreement.absolute(
          name,
          layout.unpack(flat, parameter),
          golden.tensor(name).floats(),
          golden.tolerance("train_abs"));
    }
  }

  private void compareMoments(String prefix, float[] moments) {
    int length = Math.toIntExact(layout.length());
    float[] m = java.util.Arrays.copyOfRange(moments, 0, length);
    float[] v = java.util.Arrays.copyOfRange(moments, length, 2 * length);
    for (Parameter parameter : layout.parameters()) {
      compareMoment(prefix + "adam_m." + parameter.name(), layout.unpack(m, parameter));
      compareMoment(prefix + "adam_v." + parameter.name(), layout.unpack(v, parameter));
    }
  }

  private void compareMoment(String name, float[] found) {
    Agreement.relative(name, found, golden.tensor(name).floats(), golden.tolerance("grad"));
  }
}
