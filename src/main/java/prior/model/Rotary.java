package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ABT;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rotary positions: adjacent channel pairs (2i, 2i+1) of a head turn by {@code position *
 * 10000^(-2i/r)}; channels from r on stay, and all of them where the network has no rotary
 * positions. As matrices: {@code out = x C + (x S) R}.
 */
final class Rotary {
  private final Buffers buffers;
  private final Dalle2Shape shape;
  private final INDArray turn;

  Rotary(Buffers buffers, Dalle2Shape shape) {
    this.buffers = buffers;
    this.shape = shape;
    this.turn = buffers.constant(quarterTurn(), shape.dimHead(), shape.dimHead());
  }

  /** R: sends (a, b) to (-b, a) in each pair. */
  private double[] quarterTurn() {
    int d = shape.dimHead();
    double[] matrix = new double[d * d];
    for (int i = 0; i + 1 < shape.rotaryDims(); i += 2) {
      matrix[(i + 1) * d + i] = -1;
      matrix[i * d + i + 1] = 1;
    }
    return matrix;
  }

  /** The angles' cosines and sines of tokens {@code from} to {@code to}, each for some heads. */
  Turns turns(int from, int to, int heads) {
    long width = (long) (to - from) * heads * shape.dimHead();
    double[] cos = new double[Math.toIntExact(width)];
    double[] sin = new double[Math.toIntExact(width)];
    for (int i = 0; i < width; i++) {
      long position = from + i / ((long) heads * shape.dimHead());
      double angle = position * frequency(i % shape.dimHead());
      cos[i] = Math.cos(angle);
      sin[i] = Math.sin(angle);
    }
    return new Turns(buffers.constant(cos, 1, width), buffers.constant(sin, 1, width));
  }

  private double frequency(int channel) {
    int r = shape.rotaryDims();
    return shape.rotary() && channel < r ? Math.pow(10000, -2.0 * (channel / 2) / r) : 0;
  }

  /** C and S, laid out like one row's tokens. */
  final class Turns {
    private final INDArray cos;
    private final INDArray sin;

    private Turns(INDArray cos, INDArray sin) {
      this.cos = cos;
      this.sin = sin;
    }

    /** Turns x, {@code [R, d]} with a whole number of rows' tokens, into {@code out}. */
    void forward(Program program, INDArray x, INDArray out) {
      INDArray turned = buffers.scratch("turned", x.shape());
      program.multiply(perRow(x), sin, perRow(turned));
      program.multiply(perRow(x), cos, perRow(out));
      program.addMatmul(AB, turned, turn, out);
    }

    /** Turns a gradient back: {@code dx = dout C + (dout R^T) S}. */
    void backward(Program program, INDArray dout, INDArray dx) {
      INDArray turned = buffers.scratch("turned", dout.shape());
      program.matmul(ABT, dout, turn, turned);
      program.multiply(perRow(turned), sin, perRow(turned));
      program.multiply(perRow(dout), cos, perRow(dx));
      program.add(dx, turned, dx);
    }

    private INDArray perRow(INDArray x) {
      return x.reshape('c', x.length() / cos.length(), cos.length());
    }
  }
}
