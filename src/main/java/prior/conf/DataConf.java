package prior.conf;

import java.io.Serializable;

/**
 * {@code data}: where pairs are.
 *
 * @param train file, folder or glob of Parquet; null where a job needs none
 * @param val the same for validation
 * @param batchSize rows of one worker's step
 */
public record DataConf(String train, String val, ColumnsConf columns, int batchSize)
    implements Serializable {

  public DataConf {
    new Check().within("batch_size", batchSize, 1, 1_000_000).done();
  }
}
