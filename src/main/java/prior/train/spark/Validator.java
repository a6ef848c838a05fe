package prior.train.spark;

import org.apache.spark.api.java.JavaSparkContext;
import prior.conf.ConfLoader;
import prior.train.Validation;

/** Measures weights on pairs that training does not see; leaves the weights as they are. */
public interface Validator extends AutoCloseable {
  /**
   * Measures, the same each time for the same weights.
   *
   * @param online the flat parameter vector
   * @param ema its moving average; null where none is kept
   */
  Validation measure(float[] online, float[] ema);

  @Override
  void close();

  /**
   * Pairs to measure on.
   *
   * @param data file, folder or glob of Parquet
   * @param most pairs at most, the first
   */
  record Pairs(String data, int most) {}

  /** Makes one for a run: sampling is inference's, which training does not know. */
  @FunctionalInterface
  interface Opening {
    /** Settings are those of the run. */
    Validator open(JavaSparkContext spark, ConfLoader.Loaded loaded, Pairs pairs);
  }
}
