package prior.infer.spark;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;
import prior.conf.InferConf;
import prior.conf.PriorConf;
import prior.data.KeyHash;
import prior.infer.Predictor;
import scala.collection.Seq;

/**
 * Predicts a partition, pass by pass, and hands each row on with its prediction appended. The last
 * cell of an incoming row is its file's name, for messages, and is dropped.
 */
final class PartitionPrediction implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1;

  private final String job;
  private final PriorConf prior;
  private final InferConf infer;
  private final Cells cells;
  private final Broadcast<float[]> weights;

  /** Where in a row the inputs are; -1 for what it lacks. */
  record Cells(int text, int encodings, int key) implements Serializable {}

  PartitionPrediction(
      String job, PriorConf prior, InferConf infer, Cells cells, Broadcast<float[]> weights) {
    this.job = job;
    this.prior = prior;
    this.infer = infer;
    this.cells = cells;
    this.weights = weights;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    Predictor predictor =
        PredictorPool.take(
            job, () -> new Predictor(prior, infer, weights.value(), TaskContext.get().cpus()));
    TaskCompletionListener giveBack = context -> PredictorPool.giveBack(job, predictor);
    TaskContext.get().addTaskCompletionListener(giveBack);
    Deque<Row> ready = new ArrayDeque<>();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !ready.isEmpty() || rows.hasNext();
      }

      @Override
      public Row next() {
        if (ready.isEmpty()) {
          ready.addAll(pass(predictor, rows));
        }
        return ready.remove();
      }
    };
  }

  private List<Row> pass(Predictor predictor, Iterator<Row> rows) {
    List<Row> taken = new ArrayList<>();
    while (rows.hasNext() && taken.size() < predictor.textsPerPass()) {
      taken.add(rows.next());
    }
    float[] predicted = predictor.predict(texts(taken));
    int dim = prior.imageDim();
    List<Row> done = new ArrayList<>();
    for (int i = 0; i < taken.size(); i++) {
      Float[] vector = new Float[dim];
      for (int j = 0; j < dim; j++) {
        vector[j] = predicted[i * dim + j];
      }
      done.add(appended(taken.get(i), vector));
    }
    return done;
  }

  private static Row appended(Row row, Float[] vector) {
    Object[] values = new Object[row.size()];
    for (int i = 0; i < row.size() - 1; i++) {
      values[i] = row.get(i);
    }
    values[row.size() - 1] = vector;
    return RowFactory.create(values);
  }

  private Predictor.Texts texts(List<Row> rows) {
    int dim = prior.textDim();
    int textRows = prior.encodingRows();
    int width = prior.encodingDim();
    long[] keys = new long[rows.size()];
    float[] text = new float[rows.size() * dim];
    float[] encodings = textRows == 0 ? null : new float[rows.size() * textRows * width];
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      VectorCell.copy(row.get(cells.text()), text, i * dim, dim, () -> where(row, "text"));
      if (textRows > 0) {
        Seq<?> given = row.getAs(cells.encodings());
        for (int t = 0; t < Math.min(textRows, given.length()); t++) {
          int from = (i * textRows + t) * width;
          VectorCell.copy(given.apply(t), encodings, from, width, () -> where(row, "encodings"));
        }
      }
      keys[i] = key(row, text, i * dim, dim);
    }
    return new Predictor.Texts(keys, text, encodings);
  }

  private String where(Row row, String what) {
    String named = cells.key() < 0 ? "" : ", key " + row.get(cells.key());
    return row.getString(row.size() - 1) + named + ", " + what;
  }

  /** The key's hash; without a key, the text embedding's own. */
  private long key(Row row, float[] text, int from, int dim) {
    if (cells.key() >= 0 && !row.isNullAt(cells.key())) {
      return KeyHash.of(String.valueOf(row.get(cells.key())));
    }
    long hash = 0;
    for (int i = from; i < from + dim; i++) {
      hash = hash * 0x9E3779B97F4A7C15L + Float.floatToIntBits(text[i]);
    }
    return hash;
  }
}
