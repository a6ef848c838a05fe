package prior.conf;

import java.io.Serializable;
import java.util.List;
import java.util.function.BiFunction;

/**
 * {@code eval.sweep}: ways to sample that are compared, each with each; an empty list stands for
 * what {@code infer} says.
 *
 * @param condScale guidance of the text; attributes with a scale of their own keep it
 */
public record SweepConf(List<Integer> steps, List<Double> condScale, List<Integer> samplesPerText)
    implements Serializable {

  public SweepConf {
    steps = List.copyOf(steps);
    condScale = List.copyOf(condScale);
    samplesPerText = List.copyOf(samplesPerText);
    Check check = new Check();
    steps.forEach(each -> check.within("steps", each, 1, 1_000_000));
    condScale.forEach(each -> check.within("cond_scale", each, 0, 1000));
    samplesPerText.forEach(each -> check.within("samples_per_text", each, 1, 10_000));
    check.done();
  }

  /** All ways; none where nothing is to be compared. */
  public List<InferConf> of(InferConf infer) {
    if (steps.isEmpty() && condScale.isEmpty() && samplesPerText.isEmpty()) {
      return List.of();
    }
    List<InferConf> ways = each(List.of(infer), steps, InferConf::withSteps);
    ways = each(ways, condScale, InferConf::withTextScale);
    return each(ways, samplesPerText, InferConf::withSamples);
  }

  private static <T> List<InferConf> each(
      List<InferConf> ways, List<T> values, BiFunction<InferConf, T, InferConf> with) {
    return values.isEmpty()
        ? ways
        : ways.stream()
            .flatMap(way -> values.stream().map(value -> with.apply(way, value)))
            .toList();
  }
}
