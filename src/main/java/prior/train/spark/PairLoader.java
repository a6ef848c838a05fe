package prior.train.spark;

import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import prior.conf.BadDataPolicy;
import prior.conf.PriorConf;
import prior.data.PairColumns;
import prior.model.ImageScaling;
import prior.train.AttributeDrops;
import prior.train.CleanBatch;
import prior.train.Draws;
import prior.train.Noising;

/**
 * Reads the batch a {@link prior.train.BatchSpec} describes and noises it, on the executor that
 * trains on it.
 */
final class PairLoader implements BatchLoader {
  private static final long serialVersionUID = 1;

  private final PriorConf prior;
  private final Broadcast<ImageScaling> scaling;
  private final PairReader reader;
  private final Draws.Rule rule;
  private final AttributeDrops drops;
  private transient Noising noising;

  PairLoader(
      PriorConf prior,
      Broadcast<ImageScaling> scaling,
      PairColumns columns,
      Draws.Rule rule,
      BadDataPolicy onBadShard,
      Broadcast<SerializableConfiguration> hadoop) {
    this.prior = prior;
    this.scaling = scaling;
    this.reader = new PairReader(prior, columns, rule.seed(), onBadShard, hadoop);
    this.rule = rule;
    this.drops = AttributeDrops.of(prior, rule.seed());
  }

  @Override
  public LoadedBatch read(String text) {
    if (noising == null) {
      noising = new Noising(prior, scaling.value(), rule.timesteps());
    }
    PairReader.Pairs pairs = reader.read(text);
    MultiDataSet data = pairs.rows() == 0 ? null : noised(pairs);
    return new LoadedBatch(data, pairs.rows(), pairs.skipped(), pairs.bad());
  }

  private MultiDataSet noised(PairReader.Pairs pairs) {
    CleanBatch clean = pairs.clean();
    if (clean.attributes() != null) {
      drops.apply(clean.attributes(), pairs.epochs(), pairs.rowIds());
    }
    return noising.batch(clean, Draws.named(rule, pairs.epochs(), pairs.rowIds()));
  }
}
