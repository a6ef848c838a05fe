package prior.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import prior.conf.LossType;
import prior.data.NamedRandom;

/** Several noise draws of a pair in one pass against one pass for each draw. */
class NoiseDrawsTest {
  private static final int PAIRS = 3;
  private static final int DRAWS = 4;

  static Stream<Arguments> networks() {
    return Stream.concat(
        Stream.of(
            Arguments.of(shape(true, false), 1),
            Arguments.of(shape(true, true), 2),
            Arguments.of(shape(false, true), 1),
            Arguments.of(shape(false, false), 2)),
        SomeWidths.all().filter(shape -> !shape.selfCond()).map(shape -> Arguments.of(shape, 2)));
  }

  private static Dalle2Shape shape(boolean encodings, boolean attributes) {
    Dalle2Shape shape = SomeWidths.shape("prior.condition_on_text_encodings=" + encodings);
    return attributes ? SomeAttributes.in(shape) : shape;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theGradientIsTheMeanOfThatOfEachDraw(Dalle2Shape shape, int lanes) {
    ComputationGraph graph = graph(shape, lanes);
    INDArray[] all = features(shape);
    INDArray target = array("target", PAIRS * DRAWS, shape.imageDim());
    INDArray together = gradient(graph, all, target);
    INDArray mean = together.like();
    for (int draw = 0; draw < DRAWS; draw++) {
      INDArray[] one = all.clone();
      for (int i : new int[] {0, 1, 3}) {
        one[i] = drawOf(all[i], draw);
      }
      mean.addi(gradient(graph, one, drawOf(target, draw)).divi(DRAWS));
    }
    assertThat(mean.amaxNumber().doubleValue()).isGreaterThan(1e-3);
    assertThat(together.sub(mean).amaxNumber().doubleValue())
        .isLessThan(1e-10 * mean.amaxNumber().doubleValue() + 1e-12);
  }

  private static ComputationGraph graph(Dalle2Shape shape, int lanes) {
    AdamW unused = new AdamW(LearningRate.constant(1), 0.9, 0.99, 1e-6, 1);
    WeightDecayRule none = new WeightDecayRule(0, false);
    ComputationGraph graph =
        PriorGraph.of(
            PriorGraph.configuration(
                shape, TrainingRule.PLAIN, LossType.L2, unused, none, DataType.DOUBLE));
    graph.init();
    PriorGraph.lanes(graph, new Lanes(lanes));
    graph.params().assign(array("parameters", 1, graph.params().length()).muli(0.5));
    return graph;
  }

  private static INDArray gradient(ComputationGraph graph, INDArray[] features, INDArray target) {
    graph.setInputs(features);
    graph.setLabels(target);
    graph.computeGradientAndScore();
    return graph.gradient().gradient().dup();
  }

  private static INDArray[] features(Dalle2Shape shape) {
    int rows = PAIRS * DRAWS;
    INDArray times = Nd4j.create(DataType.DOUBLE, rows, 1);
    INDArray keep = Nd4j.ones(DataType.DOUBLE, rows, 2);
    for (int row = 0; row < rows; row++) {
      times.putScalar(row, (row * 7) % 10);
      keep.putScalar(row, 0, row / DRAWS == 1 ? 0 : 1);
      keep.putScalar(row, 1, row % 5 == 0 ? 0 : 1);
    }
    INDArray noised = array("noised", rows, shape.imageDim());
    INDArray encodings =
        shape.textEncodings()
            ? array("encodings", PAIRS, shape.maxTextLen(), shape.encodingDim())
            : null;
    boolean pooled = shape.textDim() > 0;
    INDArray text = pooled ? array("text", PAIRS, shape.textDim()) : encodings;
    List<INDArray> features = new ArrayList<>(List.of(noised, times, text, keep));
    if (pooled && encodings != null) {
      features.add(encodings);
    }
    if (!shape.attributes().isEmpty()) {
      features.add(SomeAttributes.rows(DataType.DOUBLE, PAIRS));
    }
    return features.toArray(INDArray[]::new);
  }

  /** One draw's rows, one for each pair. */
  private static INDArray drawOf(INDArray all, int draw) {
    return all.reshape('c', PAIRS, DRAWS, all.size(1))
        .get(NDArrayIndex.all(), NDArrayIndex.point(draw), NDArrayIndex.all())
        .dup('c');
  }

  private static INDArray array(String name, long... shape) {
    INDArray array = Nd4j.create(DataType.DOUBLE, shape);
    NamedRandom random = NamedRandom.of(3, name);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, random.nextGaussian());
    }
    return array;
  }
}
