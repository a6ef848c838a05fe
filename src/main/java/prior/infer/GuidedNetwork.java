package prior.infer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import prior.conf.InferConf;
import prior.diffusion.Denoiser;
import prior.diffusion.Guidance;
import prior.diffusion.WeightedSum;
import prior.model.AttributeShape;
import prior.model.NetworkShape;
import prior.model.SamplingNetwork;

/**
 * Classifier-free guidance with a scale for each condition. With p_0 the prediction without any,
 * p_1 that with the text and the attributes that go with it, and p_2, p_3, ... each with one
 * attribute more, in the order of the configuration: {@code p_0 + sum of s_i (p_i - p_(i-1))}.
 * Equal scales are one step, so one number for all is the guidance of Ho and Salimans, and 1 for
 * all is the prediction with everything.
 */
record GuidedNetwork(SamplingNetwork network, List<String> apart, List<Double> scales) {

  static GuidedNetwork of(SamplingNetwork network, NetworkShape shape, InferConf infer) {
    List<String> apart =
        shape.attributes().stream()
            .map(AttributeShape::name)
            .filter(name -> infer.condScale().containsKey(name))
            .toList();
    List<Double> scales = new ArrayList<>(List.of(infer.textScale()));
    apart.forEach(name -> scales.add(infer.scale(name)));
    return new GuidedNetwork(network, apart, scales);
  }

  /** What samples; to be made before the network reads its texts. */
  Denoiser denoiser() {
    double first = scales.get(0);
    if (new HashSet<>(scales).size() == 1) {
      return first == 1
          ? network.conditional()
          : new Guidance(network.conditional(), network.unconditional(), first);
    }
    List<WeightedSum.Term> terms = new ArrayList<>();
    if (first != 1) {
      terms.add(new WeightedSum.Term(1 - first, network.unconditional()));
    }
    for (int i = 0; i < scales.size(); i++) {
      boolean last = i == scales.size() - 1;
      double weight = scales.get(i) - (last ? 0 : scales.get(i + 1));
      if (weight != 0) {
        Set<String> dropped = Set.copyOf(apart.subList(i, apart.size()));
        terms.add(
            new WeightedSum.Term(weight, last ? network.conditional() : network.without(dropped)));
      }
    }
    return new WeightedSum(terms);
  }
}
