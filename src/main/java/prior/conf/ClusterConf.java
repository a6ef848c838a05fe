package prior.conf;

import java.io.Serializable;

/**
 * {@code spark}: how training spreads over executors.
 *
 * @param workers models trained side by side and averaged, one task each
 * @param averagingFrequency optimizer steps of a worker between two averagings
 * @param device what each worker trains on
 */
public record ClusterConf(int workers, int averagingFrequency, DeviceChoice device)
    implements Serializable {

  public ClusterConf {
    new Check()
        .within("workers", workers, 1, 100_000)
        .within("averaging_frequency", averagingFrequency, 1, 1_000_000)
        .done();
  }
}
