package prior.conf;

import java.io.Serializable;

/**
 * {@code data}: where pairs are.
 *
 * @param train file, folder or glob of Parquet; null where a job needs none
 * @param val the same for validation
 * @param test the same for the evaluation at a run's end
 * @param batchSize rows of one worker's step
 * @param onBadShard what a file or row group that cannot be read does to training
 * @param maxBadShards that may be left out in a run
 */
public record DataConf(
    String train,
    String val,
    String test,
    ColumnsConf columns,
    int batchSize,
    BadDataPolicy onBadShard,
    int maxBadShards)
    implements Serializable {

  public DataConf {
    new Check()
        .within("batch_size", batchSize, 1, 1_000_000)
        .atLeast("max_bad_shards", maxBadShards, 0)
        .done();
  }
}
