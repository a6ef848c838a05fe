package prior.infer.spark;

import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import prior.conf.InferConf;
import prior.conf.PriorConf;
import prior.data.DataFaults;
import prior.data.RowFault;
import prior.data.spark.ClipTexts;
import prior.infer.AttributeRow;
import prior.infer.OutputLength;
import prior.infer.Predictor;
import prior.infer.TrainedPrior;

/**
 * Predicts a partition, pass by pass, and hands each row on with its prediction in place of the
 * columns that are not the input's own. While one pass is computed, the task's own thread reads the
 * next and writes the one before.
 */
final class PartitionPrediction implements Serializable {
  private static final long serialVersionUID = 1;

  private final String job;
  private final PriorConf prior;
  private final InferConf infer;
  private final TextCells cells;
  private final OutputLength length;
  private final PredictedColumns predicted;
  private final Broadcast<float[]> weights;
  private final SerializableConfiguration conf;

  private PartitionPrediction(
      TrainedPrior model,
      TextCells cells,
      Broadcast<float[]> weights,
      SerializableConfiguration conf) {
    this.job = UUID.randomUUID().toString();
    this.prior = model.settings().prior();
    this.infer = model.settings().infer();
    this.length = OutputLength.of(model);
    this.cells = cells;
    this.predicted = PredictedColumns.of(model.settings());
    this.weights = weights;
    this.conf = conf;
  }

  /** Sends the model to the executors; what is returned is small. */
  static PartitionPrediction of(SparkSession spark, TrainedPrior model, TextCells cells) {
    Predictor.check(model.settings().prior(), model.settings().infer());
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return new PartitionPrediction(
        model,
        cells,
        context.broadcast(model.weights()),
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
  }

  /** Names the job among those of an executor. */
  String job() {
    return job;
  }

  /** Starts in a task, whose end gives back what it uses. */
  Iterator<InternalRow> start(Iterator<InternalRow> rows, BadRows bad) {
    Predictor predictor =
        PredictorPool.take(
            job, () -> new Predictor(prior, infer, weights.value(), TaskContext.get().cpus()));
    Passes passes = new Passes(rows, predictor, bad);
    TaskCompletionListener end =
        context -> {
          if (passes.end()) {
            PredictorPool.giveBack(job, predictor);
          }
        };
    TaskContext.get().addTaskCompletionListener(end);
    return passes;
  }

  private final class Passes implements Iterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private final Predictor predictor;
    private final BadRows bad;
    private final float[] attributes = AttributeRow.of(prior, infer);
    private final ClipTexts.Cursor vectors;
    private final ExecutorService computing =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, "predicting");
              thread.setDaemon(true);
              return thread;
            });
    private final Deque<InternalRow> ready = new ArrayDeque<>();
    private Pass running;
    private Future<float[]> result;

    Passes(Iterator<InternalRow> rows, Predictor predictor, BadRows bad) {
      this.rows = rows;
      this.predictor = predictor;
      this.bad = bad;
      this.vectors = cells.vectors() == null ? null : cells.vectors().open(conf.value());
      compute(read());
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && running != null) {
        Pass next = read();
        Pass done = running;
        float[] found = await();
        compute(next);
        append(done, found);
      }
      return !ready.isEmpty();
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no more rows");
      }
      return ready.remove();
    }

    /** The next rows that can be predicted; empty at the partition's end. */
    private Pass read() {
      Pass pass = new Pass(cells, prior, attributes, vectors, predictor.textsPerPass());
      while (!pass.full() && rows.hasNext()) {
        InternalRow row = rows.next().copy(); // Spark reuses its rows
        Optional<RowFault> fault = pass.add(row);
        if (fault.isPresent()) {
          refuse(row, pass.keyText(row), fault.get());
        }
      }
      return pass;
    }

    private void refuse(InternalRow row, String key, RowFault fault) {
      String given = row.getString(cells.kept());
      String file = given.isEmpty() ? "" : new Path(URI.create(given)).toString();
      try {
        bad.met(file, key, fault);
      } catch (IOException e) {
        throw DataFaults.storage("write", "the list of skipped rows", e);
      }
    }

    private void compute(Pass pass) {
      running = pass.rows().isEmpty() ? null : pass;
      result = running == null ? null : computing.submit(() -> predict(pass.texts()));
    }

    private float[] predict(Predictor.Texts texts) {
      return length.give(predictor.predict(texts), prior.imageDim());
    }

    private float[] await() {
      try {
        return result.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException fault
            ? fault
            : new IllegalStateException("Cannot predict: " + e.getCause(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Cannot predict: interrupted", e);
      }
    }

    private void append(Pass pass, float[] vectors) {
      int columns = cells.kept() + predicted.count();
      for (int i = 0; i < pass.rows().size(); i++) {
        InternalRow row = pass.rows().get(i);
        for (int sample = 0; sample < infer.keptPerText(); sample++) {
          Object[] values = new Object[columns];
          for (int column = 0; column < cells.kept(); column++) {
            values[column] = row.get(column, cells.schema().apply(column).dataType());
          }
          predicted.put(vectors, i * infer.keptPerText() + sample, sample, values, cells.kept());
          ready.add(new GenericInternalRow(values));
        }
      }
    }

    /** Whether the predictor is at rest and can serve another task. */
    boolean end() {
      boolean rests = result == null || result.isDone();
      computing.shutdown();
      try {
        if (vectors != null) {
          vectors.close();
        }
      } catch (IOException e) {
        throw DataFaults.storage("close", "the vectors", e);
      }
      return rests;
    }
  }
}
