package prior.conf;

import java.io.Serializable;
import java.util.List;

/**
 * {@code validation}: how good a run's weights are on pairs it does not train on, while it trains.
 *
 * @param maxPairs pairs at most, always the same
 * @param everyRounds rounds between two validations; null to go by minutes alone
 * @param everyMinutes minutes between two; null to go by rounds alone
 * @param steps of sampling, each measured on its own; none for the loss alone
 * @param noiseDrawsPerPair noise draws of a pair, each at a timestep of its own, for the loss
 * @param diversityTexts texts that are sampled twice
 * @param seed of noise and timesteps
 * @param metric which model is best
 * @param patience validations without improvement after which a run ends; null for no end
 * @param minDelta what counts as improvement
 */
public record ValidationConf(
    int maxPairs,
    Integer everyRounds,
    Double everyMinutes,
    List<Integer> steps,
    int noiseDrawsPerPair,
    int diversityTexts,
    long seed,
    ValidationMetric metric,
    Integer patience,
    double minDelta)
    implements Serializable {

  public ValidationConf {
    steps = List.copyOf(steps);
    new Check()
        .within("max_pairs", maxPairs, 2, 1_000_000)
        .within("every_rounds", everyRounds, 1, Integer.MAX_VALUE)
        .above("every_minutes", everyMinutes, 0)
        .that(
            steps.stream().allMatch(s -> s >= 1 && s <= 1_000_000),
            "steps must be within 1..1000000 but was " + steps)
        .within("noise_draws_per_pair", noiseDrawsPerPair, 1, 1024)
        .within("diversity_texts", diversityTexts, 0, 1_000_000)
        .that(
            !metric.ofSamples() || !steps.isEmpty(),
            "metric must be loss or squared_error where steps is empty but was " + metric.key())
        .within("patience", patience, 1, 1_000_000)
        .atLeast("min_delta", minDelta, 0)
        .done();
  }
}
