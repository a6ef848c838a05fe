package prior.data.spark;

import java.io.Serializable;
import prior.data.PairStatistics;

/**
 * What a task reports of a bucket.
 *
 * @param rows rows written, or rows left out for the bucket of broken ones
 * @param statistics of the pairs written
 */
record WrittenFile(int bucket, long rows, PairStatistics statistics) implements Serializable {}
