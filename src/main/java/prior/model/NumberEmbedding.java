package prior.model;

import static prior.model.Program.Form.AB;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A standardised number z as {@code [sin, cos]} of {@code z f} for f from 1/8 to 8 in equal ratios,
 * through an MLP of width D with SiLU after its first layer. The slow waves stay monotone over some
 * twelve deviations on each side, so values beyond the training data keep their order.
 */
final class NumberEmbedding implements Embedding {
  /** Width of the MLP's input. */
  static final int WAVES = 32;

  private static final int HALF = WAVES / 2;
  private static final double SLOWEST = 1.0 / 8;
  private static final double FASTEST = 8;

  private final Buffers buffers;
  private final INDArray values;
  private final INDArray frequencies;
  private final INDArray waves;
  private final SiluLinear hidden;
  private final Linear out;

  NumberEmbedding(Buffers buffers, Weights weights, AttributeShape shape, INDArray values) {
    this.buffers = buffers;
    this.values = values;
    this.frequencies = buffers.constant(frequencies(), 1, HALF);
    this.waves = buffers.own(values.size(0), WAVES);
    this.hidden = new SiluLinear(buffers, weights, shape.parameter("mlp.0"), waves);
    this.out = new Linear(buffers, weights, shape.parameter("mlp.1"), hidden.output());
  }

  private static double[] frequencies() {
    double[] frequencies = new double[HALF];
    for (int i = 0; i < HALF; i++) {
      frequencies[i] = SLOWEST * Math.pow(FASTEST / SLOWEST, i / (HALF - 1.0));
    }
    return frequencies;
  }

  @Override
  public void forward(Program program, INDArray into) {
    INDArray angles = buffers.scratch("attribute angles", values.size(0), HALF);
    program.matmul(AB, values, frequencies, angles);
    program.sin(angles, Windows.columns(waves, 0, HALF));
    program.cos(angles, Windows.columns(waves, HALF, WAVES));
    hidden.forward(program);
    out.forward(program, into);
  }

  @Override
  public void backward(Program program, INDArray dOut) {
    INDArray dHidden = buffers.scratch("d attribute hidden", hidden.output().shape());
    out.backward(program, dOut);
    out.inputGradient(program, dOut, dHidden);
    hidden.backward(program, dHidden);
  }
}
