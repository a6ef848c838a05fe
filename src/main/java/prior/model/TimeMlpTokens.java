package prior.model;

import static prior.model.Program.Form.AB;

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
  private final List<SiluLinear> hidden;
  private final Linear out;
  private final int count;

  TimeMlpTokens(Buffers buffers, Weights weights, Dalle2Shape shape, INDArray times) {
    this.buffers = buffers;
    this.times = times;
    this.count = shape.timeEmbeds();
    this.waves = buffers.own(times.size(0), shape.dim());
    this.frequencies = buffers.constant(frequencies(shape.dim() / 2), 1, shape.dim() / 2);
    SiluLinear first = new SiluLinear(buffers, weights, MLP + "0.0", waves);
    SiluLinear second = new SiluLinear(buffers, weights, MLP + "1.0", first.output());
    this.hidden = List.of(first, second);
    this.out = new Linear(buffers, weights, MLP + "2", second.output());
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
    out.forward(program, tokens);
  }

  @Override
  public void backward(Program program, INDArray dTokens) {
    INDArray dSecond = buffers.scratch("d time 2", hidden.get(1).output().shape());
    INDArray dFirst = buffers.scratch("d time 1", hidden.get(0).output().shape());
    out.backward(program, dTokens);
    out.inputGradient(program, dTokens, dSecond);
    hidden.get(1).backward(program, dSecond);
    hidden.get(1).inputGradient(program, dSecond, dFirst);
    hidden.get(0).backward(program, dFirst);
  }
}
