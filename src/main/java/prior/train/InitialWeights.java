package prior.train;

import java.util.Arrays;
import prior.data.NamedRandom;
import prior.model.Parameter;
import prior.model.ParameterLayout;

/** Fresh parameters as PyTorch's modules draw them, each from its own name and the run's seed. */
public final class InitialWeights {
  private InitialWeights() {}

  /** The flat vector of a layout. */
  public static float[] of(ParameterLayout layout, long seed) {
    return layout.pack(parameter -> tensor(layout, parameter, seed));
  }

  private static float[] tensor(ParameterLayout layout, Parameter parameter, long seed) {
    NamedRandom random = NamedRandom.of(seed, "initial " + parameter.name());
    float[] values = new float[Math.toIntExact(parameter.length())];
    switch (parameter.start()) {
      case ONES, FIXED_ONES -> Arrays.fill(values, 1);
      case ZEROS, FIXED_ZEROS -> {}
      case FIXED_IDENTITY -> {
        int width = Math.toIntExact(parameter.shape()[1]);
        for (int i = 0; i < values.length; i += width + 1) {
          values[i] = 1;
        }
      }
      case NORMAL -> random.fillGaussian(values, 0, values.length);
      case FAN_IN -> {
        double bound = 1 / Math.sqrt(layout.fanIn(parameter));
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
      }
    }
    return values;
  }
}
