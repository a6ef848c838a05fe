package prior.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.LossType;
import prior.data.NamedRandom;
import prior.model.TrainableNetwork.Part;

/** A batch in pieces takes the step of the whole batch. */
class AccumulationTest {
  private static final int PAIRS = 12;
  private static final int STEPS = 3;
  private static final Dalle2Shape SHAPE =
      SomeAttributes.in(SomeWidths.shape("prior.condition_on_text_encodings=true"));

  /** Large enough a rate and short enough a cut that each step's gradient tells. */
  private static final AdamW ADAM = new AdamW(LearningRate.constant(1e-2), 0.9, 0.99, 1e-6, 0.05);

  private static final Percentage CLOSE = Percentage.withPercentage(1e-2);

  /** What training came to. */
  private record End(float[] parameters, double[] losses, double[] norms) {}

  private static End train(int draws, boolean weighted, int pairsAtOnce, int lanes) {
    TrainableNetwork network =
        new TrainableNetwork(
            PriorGraph.configuration(
                SHAPE, TrainingRule.PLAIN, LossType.L2, ADAM, new WeightDecayRule(0.1, false)),
            lanes);
    network.begin(false, 0);
    float[] start = floats("parameters", (int) network.length(Part.PARAMETERS));
    network.write(Part.PARAMETERS, 0, start, 0, start.length);
    network.write(Part.MOMENTS, 0, new float[2 * start.length], 0, 2 * start.length);
    double[] losses = new double[STEPS];
    double[] norms = new double[STEPS];
    for (int step = 0; step < STEPS; step++) {
      losses[step] = network.fit(batch(step, draws, weighted), pairsAtOnce, step, 1);
      norms[step] = network.gradientNorm();
    }
    assertThat(network.steps()).isEqualTo(STEPS);
    float[] end = new float[start.length];
    network.read(Part.PARAMETERS, 0, end);
    return new End(end, losses, norms);
  }

  private static MultiDataSet batch(int step, int draws, boolean weighted) {
    int rows = PAIRS * draws;
    INDArray times = Nd4j.create(DataType.FLOAT, rows, 1);
    INDArray keep = Nd4j.ones(DataType.FLOAT, rows, 2);
    INDArray weights = Nd4j.create(DataType.FLOAT, rows, 1);
    for (int row = 0; row < rows; row++) {
      times.putScalar(row, (row * 7 + step) % 10);
      keep.putScalar(row, 0, row / draws % 5 == 1 ? 0 : 1);
      keep.putScalar(row, 1, row % 5 == 0 ? 0 : 1);
      weights.putScalar(row, 0.2 + row % 4);
    }
    List<INDArray> features = new ArrayList<>();
    features.add(array("noised " + step, rows, SHAPE.imageDim()));
    features.add(times);
    features.add(array("text " + step, PAIRS, SHAPE.textDim()));
    features.add(keep);
    features.add(array("encodings " + step, PAIRS, SHAPE.encodingRows(), SHAPE.encodingDim()));
    features.add(SomeAttributes.rows(DataType.FLOAT, PAIRS));
    INDArray[] target = {array("target " + step, rows, SHAPE.imageDim())};
    return new MultiDataSet(
        features.toArray(INDArray[]::new),
        target,
        null,
        weighted ? new INDArray[] {weights} : null);
  }

  private static INDArray array(String name, long... shape) {
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    return Nd4j.createFromArray(floats(name, (int) length)).reshape(shape);
  }

  private static float[] floats(String name, int length) {
    float[] values = new float[length];
    NamedRandom.of(3, name).fillGaussian(values, 0, length);
    for (int i = 0; i < length; i++) {
      values[i] *= 0.5f;
    }
    return values;
  }

  /** Pieces of 4, then pieces that leave a smaller last one, and single pairs. */
  @ParameterizedTest
  @CsvSource({"1, false, 4, 1", "1, true, 5, 2", "3, false, 5, 2", "2, true, 1, 1"})
  void piecesTakeTheStepsOfTheWholeBatch(int draws, boolean weighted, int pairs, int lanes) {
    End whole = train(draws, weighted, PAIRS, lanes);
    End pieces = train(draws, weighted, pairs, lanes);
    for (int step = 0; step < STEPS; step++) {
      assertThat(pieces.losses()[step])
          .as("loss of step %d", step)
          .isCloseTo(whole.losses()[step], CLOSE);
      assertThat(pieces.norms()[step]).isCloseTo(whole.norms()[step], CLOSE);
    }
    assertThat(pieces.parameters()).containsExactly(whole.parameters(), within(2e-4f));
    assertThat(moved(whole)).as("mean change of a parameter").isGreaterThan(1e-2);
  }

  /** Without float32's rounding, which Adam makes large where a gradient is near 0. */
  @ParameterizedTest
  @CsvSource({"1, false, 4, 1", "1, true, 5, 2", "3, false, 5, 2", "2, true, 1, 1"})
  void inDoubleTheirGradientIsThatOfTheWholeBatch(
      int draws, boolean weighted, int pairs, int lanes) {
    INDArray whole = gradient(draws, weighted, PAIRS, lanes);
    INDArray pieces = gradient(draws, weighted, pairs, lanes);
    double largest = whole.amaxNumber().doubleValue();
    assertThat(largest).isGreaterThan(1e-2);
    assertThat(pieces.sub(whole).amaxNumber().doubleValue()).isLessThan(1e-11 * largest);
  }

  private static INDArray gradient(int draws, boolean weighted, int pairs, int lanes) {
    ComputationGraph graph =
        PriorGraph.of(
            PriorGraph.configuration(
                SHAPE,
                TrainingRule.PLAIN,
                LossType.L2,
                ADAM,
                new WeightDecayRule(0, false),
                DataType.DOUBLE));
    graph.init();
    PriorGraph.lanes(graph, new Lanes(lanes));
    float[] start = floats("parameters", (int) graph.params().length());
    graph.params().assign(Nd4j.createFromArray(start).reshape(1, -1).castTo(DataType.DOUBLE));
    for (BatchPiece piece : BatchPiece.of(batch(0, draws, weighted), pairs)) {
      PriorGraph.next(graph, piece.place(), 0);
      graph.setInputs(inDouble(piece.data().getFeatures()));
      graph.setLabels(inDouble(piece.data().getLabels()));
      graph.setLayerMaskArrays(null, inDouble(piece.data().getLabelsMaskArrays()));
      graph.computeGradientAndScore();
    }
    return graph.gradient().gradient().dup();
  }

  private static INDArray[] inDouble(INDArray[] arrays) {
    return arrays == null
        ? null
        : Arrays.stream(arrays)
            .map(array -> array.castTo(DataType.DOUBLE))
            .toArray(INDArray[]::new);
  }

  private static double moved(End end) {
    float[] start = floats("parameters", end.parameters().length);
    double sum = 0;
    for (int i = 0; i < start.length; i++) {
      sum += Math.abs(end.parameters()[i] - start[i]);
    }
    return sum / start.length;
  }

  @Test
  void weightsOfRowsChangeWhatIsLearned() {
    assertThat(train(1, true, PAIRS, 1).losses()[0])
        .isNotCloseTo(train(1, false, PAIRS, 1).losses()[0], within(1e-2));
  }
}
