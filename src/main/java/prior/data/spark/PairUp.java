package prior.data.spark;

import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import prior.data.DataFaults;
import prior.data.KeyHash;
import prior.data.NamedRandom;
import prior.data.RowFault;
import prior.data.Split;
import prior.fault.UserFault;

/** Fetches the vectors of each row of a table, checks them, and finds the row's file and rank. */
final class PairUp implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1;

  private final SerializableConfiguration conf;
  private final VectorOpener vectors;
  private final Rules rules;
  private final Buckets buckets;
  private final int[] places;

  PairUp(Configuration conf, VectorOpener vectors, Rules rules, Buckets buckets) {
    this.conf = new SerializableConfiguration(conf);
    this.vectors = vectors;
    this.rules = rules;
    this.buckets = buckets;
    this.places = buckets.places();
  }

  /**
   * What is asked for, in plain values.
   *
   * @param root what names of tables are relative to
   * @param keyIndex column of the key, or -1
   */
  record Rules(
      String root,
      int keyIndex,
      int textWidth,
      int imageWidth,
      double valFraction,
      double testFraction,
      long seed,
      boolean skip,
      long maxBadRows)
      implements Serializable {}

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    Partition partition = new Partition(vectors.open(conf.value()));
    TaskCompletionListener closing = task -> partition.close();
    Optional.ofNullable(TaskContext.get())
        .ifPresent(task -> task.addTaskCompletionListener(closing));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        return partition.pair(rows.next());
      }
    };
  }

  /** The state of one task. */
  private final class Partition {
    private final VectorCursor cursor;
    private final float[] text = new float[rules.textWidth];
    private final float[] image = new float[rules.imageWidth];
    private String uri;
    private String table;
    private long broken;

    Partition(VectorCursor cursor) {
      this.cursor = cursor;
    }

    Row pair(Row in) {
      int kept = in.size() - 2;
      name(in.getString(kept));
      long row = in.getLong(kept + 1);
      RowFault fault = cursor.read(table, row, text, image);
      String key = key(in, row);
      if (fault == null && key == null) {
        fault = new RowFault(RowFault.Kind.NO_KEY, "the key column", "a key", "null");
      }
      Object[] out = new Object[PairSchema.KEY + 3 + kept];
      if (fault != null) {
        refuse(new Refusal(table, row, 1, fault), out);
      } else {
        place(key, row, out);
        for (int i = 0; i < kept; i++) {
          out[PairSchema.KEY + 3 + i] = in.get(i);
        }
      }
      return RowFactory.create(out);
    }

    private void refuse(Refusal refusal, Object[] out) {
      broken++;
      if (!rules.skip) {
        throw refusal.asFault();
      }
      if (broken > rules.maxBadRows) {
        throw tooMany(rules.maxBadRows, "more, the last: " + refusal.asFault().getMessage());
      }
      fill(out, Buckets.BROKEN, 0, refusal.row(), refusal.asJson());
    }

    private void place(String key, long row, Object[] out) {
      Split split = Split.of(key, rules.valFraction, rules.testFraction);
      long place = KeyHash.ofPlace(relative(), row);
      long rank = NamedRandom.of(rules.seed, "shuffle", KeyHash.of(key), place).nextLong();
      fill(out, buckets.of(split, rank), rank, row, null);
      out[PairSchema.KEY] = key;
      out[PairSchema.KEY + 1] = bytes(text);
      out[PairSchema.KEY + 2] = bytes(image);
    }

    private void fill(Object[] out, int bucket, long rank, long row, String refusal) {
      out[0] = places[bucket];
      out[1] = bucket;
      out[2] = rank;
      out[3] = table;
      out[4] = row;
      out[5] = refusal;
    }

    private String key(Row in, long row) {
      if (rules.keyIndex < 0) {
        return relative().replaceFirst("\\.parq(uet)?$", "") + "/" + row;
      }
      Object key = in.get(rules.keyIndex);
      return key == null ? null : key.toString();
    }

    private String relative() {
      return table.startsWith(rules.root + "/")
          ? table.substring(rules.root.length() + 1)
          : new Path(table).getName();
    }

    /** Spark names files by URI, in which blanks and the like are escaped. */
    private void name(String fileUri) {
      if (!fileUri.equals(uri)) {
        uri = fileUri;
        table = new Path(URI.create(fileUri)).toString();
      }
    }

    void close() {
      try {
        cursor.close();
      } catch (IOException e) {
        throw DataFaults.storage("close", String.valueOf(table), e);
      }
    }
  }

  static UserFault tooMany(long limit, String found) {
    return UserFault.data(
        "Cannot prepare pairs: too many bad rows, expected at most " + limit + ", found " + found);
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }
}
