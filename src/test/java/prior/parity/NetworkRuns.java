package prior.parity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.PriorConf;
import prior.model.AdamW;
import prior.model.Dalle2Shape;
import prior.model.Inputs;
import prior.model.LearningRate;
import prior.model.Network;
import prior.model.NetworkShape;
import prior.model.Parameter;
import prior.model.ParameterLayout;
import prior.model.PriorGraph;
import prior.model.WeightDecayRule;

/** The runs that call the network once: {@code forward} and {@code loss}. */
final class NetworkRuns {
  private final ReferenceCase golden;
  private final PriorConf prior;
  private final Dalle2Shape shape;
  private final ParameterLayout layout;

  NetworkRuns(ReferenceCase golden) {
    this.golden = golden;
    this.prior = golden.prior();
    this.shape = (Dalle2Shape) NetworkShape.of(prior);
    this.layout = ParameterLayout.of(shape);
  }

  void forward(JsonNode run) {
    INDArray noised = input(run, "image_embed").orElseThrow();
    int batch = Math.toIntExact(noised.size(0));
    Network network = Network.forInference(shape, golden.parameters(layout), batch);
    fill(run, network.inputs(), noised);
    double scale = run.path("args").path("cond_scale").asDouble();
    boolean dropAll = run.path("args").path("drop").asText().equals("all");
    INDArray conditional = network.forward().dup();
    network.inputs().keepText().assign(0);
    network.inputs().keepImage().assign(0);
    INDArray none = network.forward().dup();
    INDArray predicted =
        dropAll ? none : scale == 1 ? conditional : conditional.sub(none).mul(scale).add(none);
    String expected = run.path("out").path("pred").asText();
    Agreement.relative(
        expected,
        predicted.data().asFloat(),
        golden.tensor(expected).floats(),
        golden.tolerance("forward"));
  }

  private void fill(JsonNode run, Inputs inputs, INDArray noised) {
    inputs.noised().assign(noised);
    inputs.times().assign(input(run, "times").orElseThrow().reshape(noised.size(0), 1));
    inputs.text().assign(input(run, "text_embed").orElseThrow());
    if (run.path("args").path("drop").asText().equals("masks")) {
      input(run, "text_keep_mask")
          .ifPresent(m -> inputs.keepText().assign(m.reshape(m.length(), 1)));
      input(run, "image_keep_mask")
          .ifPresent(m -> inputs.keepImage().assign(m.reshape(m.length(), 1)));
    }
    if (inputs.textEncodings() != null) {
      inputs.textEncodings().assign(encodings(run, noised.size(0)));
    }
    if (inputs.selfCond() != null) {
      input(run, "self_cond").ifPresent(inputs.selfCond()::assign);
    }
  }

  private INDArray encodings(JsonNode run, long batch) {
    Optional<INDArray> given = input(run, "text_encodings");
    INDArray padded = Nd4j.zeros(batch, shape.maxTextLen(), shape.dim());
    given.ifPresent(
        rows -> {
          long kept = Math.min(rows.size(1), shape.maxTextLen());
          for (long row = 0; row < kept; row++) {
            padded.tensorAlongDimension(row, 0, 2).assign(rows.tensorAlongDimension(row, 0, 2));
          }
        });
    return padded;
  }

  void loss(JsonNode run, int index) {
    PriorConf variant = golden.prior(run);
    AdamW updater = new AdamW(LearningRate.constant(1), 0.9, 0.99, 1e-6, 1);
    ComputationGraph graph =
        new ComputationGraph(
            PriorGraph.configuration(
                shape,
                golden.trainingRule(run),
                variant.lossType(),
                updater,
                new WeightDecayRule(0, false)));
    graph.init(golden.parameters(layout), true);
    MultiDataSet batch = new GoldenBatches(golden.folder(), index, 0).batch(0);
    graph.setInputs(batch.getFeatures());
    graph.setLabels(batch.getLabels());
    graph.computeGradientAndScore();
    String expected = run.path("out").path("loss").asText();
    float[] found = {(float) graph.score()};
    Agreement.relative(expected, found, golden.tensor(expected).floats(), golden.tolerance("loss"));
    JsonNode prefix = run.path("out").path("grad_prefix");
    if (prefix.isTextual()) {
      compareGradients(prefix.asText(), graph);
    }
  }

  private void compareGradients(String prefix, ComputationGraph graph) {
    float[] flat = graph.gradient().gradient().data().asFloat();
    for (Parameter parameter : layout.parameters()) {
      String name = prefix + parameter.name();
      Agreement.relative(
          name,
          layout.unpack(flat, parameter),
          golden.tensor(name).floats(),
          golden.tolerance("grad"));
    }
  }

  private Optional<INDArray> input(JsonNode run, String role) {
    JsonNode name = run.path("in").path(role);
    return name.isTextual() ? Optional.of(golden.array(name.asText())) : Optional.empty();
  }
}
