package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ABT;
import static prior.model.Program.Form.ATB;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The time tokens of a continuous network: {@code [sin, cos]} of {@code t 10000^(-i/(D/2-1))}
 * through an MLP D, 2nD, 2nD, nD with SiLU after the first two layers.
 */
final class TimeMlpTokens implements Token {
  private static final String MLP = "net.to_time_embeds.0.1.net.";

  private final Buffers buffers;
  private final INDArray times;
  private final INDArray frequencies;
  private final INDArray waves;
  private final List<Hidden> hidden;
  private final Linear out;
  private final int count;

  TimeMlpTokens(Buffers buffers, Weights weights, NetworkShape shape, INDArray times) {
    this.buffers = buffers;
    this.times = times;
    this.count = shape.timeEmbeds();
    this.waves = buffers.own(times.size(0), shape.dim());
    this.frequencies = buffers.constant(frequencies(shape.dim() / 2), 1, shape.dim() / 2);
    Hidden first = new Hidden(weights, MLP + "0.0", waves);
    Hidden second = new Hidden(weights, MLP + "1.0", first.output);
    this.hidden = List.of(first, second);
    this.out = new Linear(weights, MLP + "2", second.output);
  }

  private static double[] frequencies(int half) {
    double[] frequencies = new double[half];
    for (int i = 0; i < half; i++) {
      frequencies[i] = Math.pow(10000, -i / (half - 1.0));
    }
    return frequencies;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void forward(Program program, INDArray tokens) {
    long half = frequencies.length();
    INDArray angles = buffers.scratch("angles", times.size(0), half);
    program.matmul(AB, times, frequencies, angles);
    program.sin(angles, Windows.columns(waves, 0, half));
    program.cos(angles, Windows.columns(waves, half, 2 * half));
    hidden.forEach(layer -> layer.forward(program));
    out.forward(program, 1, tokens);
  }

  @Override
  public void backward(Program program, INDArray dTokens) {
    INDArray dSecond = buffers.scratch("d time 2", hidden.get(1).output.shape());
    INDArray dFirst = buffers.scratch("d time 1", hidden.get(0).output.shape());
    out.backward(program, dTokens);
    program.matmul(AB, dTokens, out.weight.value(), dSecond);
    hidden.get(1).backward(program, dSecond);
    program.matmul(AB, dSecond, hidden.get(1).linear.weight.value(), dFirst);
    hidden.get(0).backward(program, dFirst);
  }

  /** A biased linear layer over a kept input. */
  private final class Linear {
    private final Weights.Tensor weight;
    private final Weights.Tensor bias;
    private final INDArray input;

    Linear(Weights weights, String name, INDArray input) {
      this.weight = weights.tensor(name + ".weight");
      this.bias = weights.tensor(name + ".bias").reshape(1, weight.value().size(0));
      this.input = input;
    }

    /** {@code into = factor (W input + b)}. */
    void forward(Program program, double factor, INDArray into) {
      program.matmul(ABT, factor, input, weight.value(), 0, into);
      INDArray ones = buffers.constant(1, input.size(0), 1);
      program.matmul(AB, factor, ones, bias.value(), 1, into);
    }

    void backward(Program program, INDArray dOut) {
      program.matmul(ATB, dOut, input, weight.gradient());
      program.matmul(AB, buffers.constant(1, 1, input.size(0)), dOut, bias.gradient());
    }
  }

  /** A linear layer and its SiLU. */
  private final class Hidden {
    private final Linear linear;
    private final INDArray output;
    private final Silu silu;

    Hidden(Weights weights, String name, INDArray input) {
      this.linear = new Linear(weights, name, input);
      this.output = buffers.own(input.size(0), linear.weight.value().size(0));
      this.silu = new Silu(buffers, output);
    }

    void forward(Program program) {
      linear.forward(program, 0.5, output);
      silu.forward(program);
    }

    /** Turns the output's gradient into that of the linear layer, in place. */
    void backward(Program program, INDArray dOutput) {
      INDArray slope = buffers.scratch("time slope", output.shape());
      silu.twiceSlope(program, slope);
      program.multiply(dOutput, slope, dOutput);
      program.scale(dOutput, 0.5, dOutput);
      linear.backward(program, dOutput);
    }
  }
}
