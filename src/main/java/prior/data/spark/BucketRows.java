package prior.data.spark;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;

/** Rows in order of bucket, handed out bucket by bucket with one row of looking ahead. */
final class BucketRows implements Iterator<InternalRow> {
  private static final int BUCKET_COLUMN = 1;

  private final Iterator<InternalRow> rows;
  private InternalRow ahead;
  private int bucket;

  BucketRows(Iterator<InternalRow> rows) {
    this.rows = rows;
    advance();
  }

  boolean hasBucket() {
    return ahead != null;
  }

  /** Goes on to the next bucket; rows are then of this one until there is no next. */
  int startBucket() {
    bucket = ahead.getInt(BUCKET_COLUMN);
    return bucket;
  }

  @Override
  public boolean hasNext() {
    return ahead != null && ahead.getInt(BUCKET_COLUMN) == bucket;
  }

  /** The next row of the bucket; a copy, since Spark reuses its rows. */
  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more rows in bucket " + bucket);
    }
    InternalRow row = ahead;
    advance();
    return row;
  }

  private void advance() {
    ahead = rows.hasNext() ? rows.next().copy() : null;
  }
}
