package prior.parity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.ConfLoader;
import prior.conf.LossType;
import prior.conf.PriorConf;
import prior.diffusion.Guidance;
import prior.diffusion.NoiseSource;
import prior.diffusion.UnclipSampler;
import prior.diffusion.UnclipSchedule;
import prior.model.AdamW;
import prior.model.LearningRate;
import prior.model.Network;
import prior.model.NetworkShape;
import prior.model.Parameter;
import prior.model.ParameterLayout;
import prior.model.PriorGraph;
import prior.model.TrainingRule;
import prior.model.WeightDecayRule;

/** The runs of diffusers' network and of its whole sampling loop. */
final class UnclipRuns {
  private final ReferenceCase golden;

  UnclipRuns(ReferenceCase golden) {
    this.golden = golden;
  }

  /** Attention is masked exactly where a mask is given. */
  private NetworkShape shape(JsonNode run) {
    ObjectNode model = golden.config().path("prior").deepCopy();
    model.put("attention_mask", run.path("in").has("attention_mask"));
    PriorConf prior =
        ConfLoader.priorFromDiffusers(
            model.toString(), golden.config().path("scheduler").toString());
    return NetworkShape.of(prior);
  }

  void forward(JsonNode run) {
    NetworkShape shape = shape(run);
    ParameterLayout layout = ParameterLayout.of(shape);
    int batch = Math.toIntExact(input(run, "image_embed").orElseThrow().size(0));
    Network network = Network.forInference(shape, golden.parameters(layout), batch);
    List<INDArray> features = features(run, shape);
    network.inputs().noised().assign(features.get(0));
    network.inputs().times().assign(features.get(1));
    fillText(run, network, "");
    compare(run, "pred", network.forward(), "forward");
    if (run.path("out").has("loss")) {
      loss(run, shape, layout, features);
    }
  }

  private void loss(
      JsonNode run, NetworkShape shape, ParameterLayout layout, List<INDArray> features) {
    AdamW updater = new AdamW(LearningRate.constant(1), 0.9, 0.99, 1e-6, 1);
    ComputationGraph graph =
        new ComputationGraph(
            PriorGraph.configuration(
                shape, TrainingRule.PLAIN, LossType.L2, updater, new WeightDecayRule(0, false)));
    graph.init(golden.parameters(layout), true);
    graph.setInputs(features.toArray(INDArray[]::new));
    INDArray target = input(run, "target").orElseThrow();
    graph.setLabels(target.reshape('c', target.size(0), target.length() / target.size(0)));
    graph.computeGradientAndScore();
    compare(run, "loss", Nd4j.createFromArray((float) graph.score()), "loss");
    float[] flat = graph.gradient().gradient().data().asFloat();
    String prefix = run.path("out").path("grad_prefix").asText();
    for (Parameter parameter : layout.parameters()) {
      if (golden.has(prefix + parameter.name())) {
        Agreement.relative(
            prefix + parameter.name(),
            layout.unpack(flat, parameter),
            golden.tensor(prefix + parameter.name()).floats(),
            golden.tolerance("grad"));
      } else if (parameter.trains()) {
        throw new AssertionError("no golden gradient of " + parameter.name());
      }
    }
  }

  private List<INDArray> features(JsonNode run, NetworkShape shape) {
    INDArray noised = input(run, "image_embed").orElseThrow();
    long batch = noised.size(0);
    List<INDArray> features = new ArrayList<>();
    features.add(noised.reshape('c', batch, noised.length() / batch));
    features.add(input(run, "times").orElseThrow().reshape('c', batch, 1));
    features.add(input(run, "text_embed").orElseThrow());
    features.add(Nd4j.ones(batch, 2));
    if (shape.encodingRows() > 0) {
      features.add(input(run, "text_encodings").orElseThrow());
    }
    if (shape.masksText()) {
      features.add(input(run, "attention_mask").orElseThrow());
    }
    return features;
  }

  private void fillText(JsonNode run, Network network, String which) {
    network.inputs().text().assign(input(run, which + "text_embed").orElseThrow());
    if (network.inputs().textEncodings() != null) {
      input(run, which + "text_encodings").ifPresent(network.inputs().textEncodings()::assign);
    }
    if (network.inputs().textMask() != null) {
      input(run, which + "attention_mask").ifPresent(network.inputs().textMask()::assign);
    }
  }

  void sample(JsonNode run) {
    JsonNode args = run.path("args");
    NetworkShape shape = shape(run);
    ParameterLayout layout = ParameterLayout.of(shape);
    INDArray noise = golden.array(run.path("in").path("noise").asText());
    int batch = Math.toIntExact(noise.size(1));
    Network conditional = Network.forInference(shape, golden.parameters(layout), batch);
    Network unconditional = Network.forInference(shape, golden.parameters(layout), batch);
    fillText(run, conditional, "");
    double scale = Math.max(1, args.path("guidance_scale").asDouble());
    if (scale > 1) {
      fillText(run, unconditional, "uncond_");
    }
    Guidance guided = new Guidance(conditional.conditional(), unconditional.conditional(), scale);
    NoiseSource draws = (entry, into) -> into.assign(noise.tensorAlongDimension(entry, 1, 2));
    UnclipSchedule schedule = new UnclipSchedule(ScheduleRuns.scheduler(golden.config(), args));
    int steps = args.path("num_inference_steps").asInt();
    INDArray latents =
        new UnclipSampler(schedule, steps)
            .sample(guided, draws, Nd4j.create(batch, shape.imageDim()));
    compare(run, "latents", latents, "sample");
    float[] flat = golden.flat(layout);
    INDArray mean = Nd4j.createFromArray(layout.unpack(flat, layout.parameter("clip_mean")));
    INDArray deviation = Nd4j.createFromArray(layout.unpack(flat, layout.parameter("clip_std")));
    compare(run, "image_embeds", latents.mulRowVector(deviation).addiRowVector(mean), "sample");
    new ScheduleRuns(golden).compareTimesteps(run, schedule, steps);
  }

  private void compare(JsonNode run, String role, INDArray found, String group) {
    String expected = run.path("out").path(role).asText();
    Agreement.relative(
        expected,
        found.dup('c').data().asFloat(),
        golden.tensor(expected).floats(),
        golden.tolerance(group));
  }

  private Optional<INDArray> input(JsonNode run, String role) {
    JsonNode name = run.path("in").path(role);
    return name.isTextual() ? Optional.of(golden.array(name.asText())) : Optional.empty();
  }
}
