package prior.train.spark;

import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.conf.AttributeConf;
import prior.conf.BadDataPolicy;
import prior.conf.ConfLoader;
import prior.conf.DataConf;
import prior.conf.PriorConf;
import prior.data.spark.ColumnStatistics;

/**
 * What a run's configuration has to know of attributes before there can be a network: means and
 * deviations of numbers, values of categories. A run that is resumed has them from its checkpoint;
 * a new one takes them from all of its training data, and records them.
 */
final class AttributeSettings {
  private static final Logger LOG = LoggerFactory.getLogger(AttributeSettings.class);

  private final JavaSparkContext spark;
  private final DataConf data;
  private final List<AttributeConf> before;

  private AttributeSettings(JavaSparkContext spark, DataConf data, List<AttributeConf> before) {
    this.spark = spark;
    this.data = data;
    this.before = before;
  }

  /**
   * The same settings with nothing left open.
   *
   * @param before of the checkpoint the run goes on from
   */
  static ConfLoader.Loaded settle(
      JavaSparkContext spark, ConfLoader.Loaded loaded, Optional<PriorConf> before) {
    List<AttributeConf> now = loaded.settings().prior().attributes();
    if (now.stream().allMatch(AttributeConf::settled)) {
      return loaded;
    }
    AttributeSettings settings =
        new AttributeSettings(
            spark, loaded.settings().data(), before.map(PriorConf::attributes).orElse(List.of()));
    return loaded.withAttributes(now.stream().map(settings::settle).toList());
  }

  private AttributeConf settle(AttributeConf open) {
    if (open.settled()) {
      return open;
    }
    return open.among(before).map(open::settledAs).orElseGet(() -> learn(open));
  }

  private AttributeConf learn(AttributeConf open) {
    ColumnStatistics statistics =
        ColumnStatistics.over(
            SparkSession.builder().sparkContext(spark.sc()).getOrCreate(),
            data.train(),
            data.onBadShard() == BadDataPolicy.SKIP);
    AttributeConf learned =
        switch (open.kind()) {
          case NUMBER -> {
            ColumnStatistics.Moments moments = statistics.moments(open.column());
            yield open.measured(moments.mean(), moments.deviation());
          }
          case CATEGORY ->
              open.withValues(statistics.values(open.column(), AttributeConf.MOST_VALUES));
          case VECTOR -> open;
        };
    LOG.info("attribute {} as the training data has it: {}", open.name(), learned);
    return learned;
  }
}
