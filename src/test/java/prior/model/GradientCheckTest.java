package prior.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.LossType;
import prior.data.NamedRandom;

/** Every parameter's gradient against central differences, in double. */
class GradientCheckTest {
  private static final double STEP = 1e-6;
  private static final int BATCH = 3;

  static Stream<Arguments> networks() {
    Dropout dropout = new Dropout(0.2, 0.3, 5);
    return Stream.of(LossType.values())
        .flatMap(
            loss ->
                Stream.of(
                    Arguments.of(loss, TrainingRule.PLAIN, shape(10, 1, false, false)),
                    Arguments.of(loss, TrainingRule.PLAIN, shape(10, 2, true, true)),
                    Arguments.of(loss, TrainingRule.PLAIN, shape(0, 2, true, false)),
                    Arguments.of(loss, new TrainingRule(dropout, 0), shape(10, 1, true, true)),
                    Arguments.of(
                        loss, new TrainingRule(Dropout.NONE, 2.5), shape(0, 1, false, true))));
  }

  /**
   * Two layers, 8 wide; the final norm is off, since the reference takes its maximum for a
   * constant.
   */
  private static NetworkShape shape(
      int timesteps, int embeds, boolean encodings, boolean normformer) {
    return new NetworkShape(
        8,
        2,
        2,
        4,
        2,
        timesteps,
        2,
        embeds,
        embeds,
        embeds,
        encodings,
        encodings,
        normformer,
        false,
        true,
        normformer,
        true);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void gradientsAreTheSlopesOfTheLoss(LossType loss, TrainingRule rule, NetworkShape shape) {
    AdamW unused = new AdamW(new LearningRate(1, 0, 0), 0.9, 0.99, 1e-6, 1);
    ComputationGraph graph =
        PriorGraph.of(
            PriorGraph.configuration(
                shape, rule, loss, unused, new WeightDecayRule(0, false), DataType.DOUBLE));
    graph.init();
    INDArray parameters = graph.params();
    NamedRandom random = NamedRandom.of(1, "gradient check");
    for (long i = 0; i < parameters.length(); i++) {
      parameters.putScalar(i, 0.5 * random.nextGaussian());
    }
    graph.setInputs(features(shape, random));
    graph.setLabels(array(random, BATCH, shape.dim()));
    graph.computeGradientAndScore();
    INDArray gradient = graph.gradient().gradient().dup();
    for (long i = 0; i < parameters.length(); i += 1 + random.nextInt(7)) {
      double slope = slope(graph, parameters, i);
      double found = gradient.getDouble(i);
      assertThat(Math.abs(found - slope))
          .as("gradient %d of %d: found %s, slope %s", i, parameters.length(), found, slope)
          .isLessThanOrEqualTo(1e-6 + 1e-4 * Math.abs(slope));
    }
  }

  private static double slope(ComputationGraph graph, INDArray parameters, long i) {
    double value = parameters.getDouble(i);
    parameters.putScalar(i, value + STEP);
    double above = score(graph);
    parameters.putScalar(i, value - STEP);
    double below = score(graph);
    parameters.putScalar(i, value);
    return (above - below) / (2 * STEP);
  }

  private static double score(ComputationGraph graph) {
    graph.computeGradientAndScore();
    return graph.score();
  }

  private static INDArray[] features(NetworkShape shape, NamedRandom random) {
    INDArray times = Nd4j.create(new double[] {0, 3, 7}, new long[] {BATCH, 1});
    INDArray keep = Nd4j.create(new double[] {1, 1, 0, 1, 1, 0}, new long[] {BATCH, 2});
    INDArray noised = array(random, BATCH, shape.dim());
    INDArray text = array(random, BATCH, shape.dim());
    if (!shape.textEncodings()) {
      return new INDArray[] {noised, times, text, keep};
    }
    INDArray encodings = array(random, BATCH, shape.maxTextLen(), shape.dim());
    encodings.tensorAlongDimension(1, 1, 2).getRow(1).assign(0);
    INDArray selfCond = Nd4j.zeros(DataType.DOUBLE, BATCH, 1);
    return new INDArray[] {noised, times, text, keep, encodings, selfCond};
  }

  private static INDArray array(NamedRandom random, long... shape) {
    INDArray array = Nd4j.create(DataType.DOUBLE, shape);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, random.nextGaussian());
    }
    return array;
  }
}
