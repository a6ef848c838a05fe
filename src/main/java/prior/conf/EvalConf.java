package prior.conf;

import java.io.Serializable;

/**
 * {@code eval}: how good predictions are; sampling follows {@code infer}.
 *
 * @param maxRows pairs evaluated at most, the first by the order of files and rows
 * @param diversitySamples samples of each text that are compared with each other; 1 for none
 * @param bootstrapDraws means that an interval is taken from
 */
public record EvalConf(int maxRows, int diversitySamples, int bootstrapDraws, SweepConf sweep)
    implements Serializable {

  public EvalConf {
    new Check()
        .within("max_rows", maxRows, 2, 10_000_000)
        .within("diversity_samples", diversitySamples, 1, 1000)
        .within("bootstrap_draws", bootstrapDraws, 100, 1_000_000)
        .done();
  }
}
