package prior.model;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * diffusers' time token: {@code [cos, sin]} of {@code t 10000^(-i/h)} for i below h = D/2, through
 * a linear layer, an activation and another linear layer. The waves of all timesteps are a table
 * computed in double: a float32 product would lose digits of large angles.
 */
final class TimeWaveTokens implements Token {
  private final Buffers buffers;
  private final INDArray times;
  private final INDArray indices;
  private final INDArray table;
  private final INDArray waves;
  private final ActivatedLinear hidden;
  private final Linear out;

  TimeWaveTokens(Buffers buffers, Weights weights, UnclipShape shape, INDArray times) {
    int steps = shape.conf().scheduler().numTrainTimesteps();
    this.buffers = buffers;
    this.times = times;
    this.indices = Nd4j.create(DataType.INT, times.size(0));
    this.table = buffers.constant(waves(steps, shape.inner()), steps, shape.inner());
    this.waves = buffers.own(times.size(0), shape.inner());
    this.hidden =
        ActivatedLinear.of(
            shape.conf().timeEmbedActFn(), buffers, weights, "time_embedding.linear_1", waves);
    this.out = new Linear(buffers, weights, "time_embedding.linear_2", hidden.output());
  }

  private static double[] waves(int steps, int width) {
    int half = width / 2;
    double[] waves = new double[steps * width];
    for (int t = 0; t < steps; t++) {
      for (int i = 0; i < half; i++) {
        double angle = t * Math.pow(10000, -(double) i / half);
        waves[t * width + i] = Math.cos(angle);
        waves[t * width + half + i] = Math.sin(angle);
      }
    }
    return waves;
  }

  @Override
  public int count() {
    return 1;
  }

  @Override
  public void forward(Program program, INDArray tokens) {
    program.toIntegers(times.reshape(times.length()), indices);
    program.gather(table, indices, waves);
    hidden.forward(program);
    out.forward(program, tokens);
  }

  @Override
  public void backward(Program program, INDArray dTokens) {
    INDArray dHidden = buffers.scratch("d time hidden", hidden.output().shape());
    out.backward(program, dTokens);
    out.inputGradient(program, dTokens, dHidden);
    hidden.backward(program, dHidden);
  }
}
