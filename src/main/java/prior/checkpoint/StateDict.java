package prior.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import prior.conf.PriorConf;
import prior.diffusion.NoiseSchedule;
import prior.fault.UserFault;
import prior.model.Dalle2Shape;
import prior.model.NetworkShape;
import prior.model.Parameter;
import prior.model.ParameterLayout;

/**
 * Between flat vectors and the reference's state dict: parameters under their names, and the
 * buffers the reference keeps beside them (rotary frequencies, noise tables), so that PyTorch loads
 * the whole.
 */
public final class StateDict {
  private static final String FIRST_MOMENT = "exp_avg.";
  private static final String SECOND_MOMENT = "exp_avg_sq.";

  private final PriorConf prior;
  private final NetworkShape shape;
  private final ParameterLayout layout;

  public StateDict(PriorConf prior) {
    this.prior = prior;
    this.shape = NetworkShape.of(prior);
    this.layout = ParameterLayout.of(shape);
  }

  /** The state dict of a flat parameter vector. */
  public List<Tensor> model(float[] flat) {
    List<Tensor> tensors = named("", flat);
    if (shape instanceof Dalle2Shape dalle2) {
      addBuffers(dalle2, tensors);
    }
    return tensors;
  }

  private void addBuffers(Dalle2Shape dalle2, List<Tensor> tensors) {
    if (dalle2.rotary()) {
      for (int layer = 0; layer < dalle2.depth(); layer++) {
        String name = layout.rotaryFrequencies(layer);
        float[] frequencies = frequencies(dalle2);
        tensors.add(new Tensor(name, new long[] {frequencies.length}, frequencies));
      }
    }
    NoiseSchedule schedule = NoiseSchedule.of(prior.betaSchedule(), prior.timesteps());
    for (String table : schedule.tableNames()) {
      long[] axes = {prior.timesteps()};
      tensors.add(new Tensor("noise_scheduler." + table, axes, schedule.table(table)));
    }
  }

  /** Adam's moments, under PyTorch's names for them. */
  public List<Tensor> optimizer(float[] moments) {
    int length = moments.length / 2;
    List<Tensor> tensors = named(FIRST_MOMENT, Arrays.copyOfRange(moments, 0, length));
    tensors.addAll(named(SECOND_MOMENT, Arrays.copyOfRange(moments, length, 2 * length)));
    return tensors;
  }

  private List<Tensor> named(String prefix, float[] flat) {
    List<Tensor> tensors = new ArrayList<>();
    for (Parameter parameter : layout.parameters()) {
      String name = prefix + parameter.name();
      tensors.add(new Tensor(name, parameter.shape(), layout.unpack(flat, parameter)));
    }
    return tensors;
  }

  /** 10000^(-2i/r), as the reference stores them. */
  private static float[] frequencies(Dalle2Shape shape) {
    float[] frequencies = new float[shape.rotaryDims() / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) Math.pow(10000, -2.0 * i / shape.rotaryDims());
    }
    return frequencies;
  }

  /** The flat vector of a state dict; every missing or misshapen parameter is named. */
  public float[] flat(List<Tensor> tensors) {
    return flat("", tensors);
  }

  /** The flat moments of {@link #optimizer}. */
  public float[] moments(List<Tensor> tensors) {
    float[] first = flat(FIRST_MOMENT, tensors);
    float[] second = flat(SECOND_MOMENT, tensors);
    float[] moments = Arrays.copyOf(first, 2 * first.length);
    System.arraycopy(second, 0, moments, first.length, second.length);
    return moments;
  }

  private float[] flat(String prefix, List<Tensor> tensors) {
    Map<String, Tensor> byName = new HashMap<>();
    tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
    List<String> problems = new ArrayList<>();
    for (Parameter parameter : layout.parameters()) {
      Tensor tensor = byName.get(prefix + parameter.name());
      String found = tensor == null ? "none" : Arrays.toString(tensor.shape());
      String expected = Arrays.toString(parameter.shape());
      if (!found.equals(expected)) {
        problems.add(prefix + parameter.name() + ": expected " + expected + ", found " + found);
      }
    }
    if (!problems.isEmpty()) {
      throw UserFault.data("Cannot load the weights:\n  " + String.join("\n  ", problems));
    }
    return layout.pack(parameter -> byName.get(prefix + parameter.name()).values());
  }
}
