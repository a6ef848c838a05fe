package prior.infer.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.SerializableConfiguration;
import prior.conf.BadDataPolicy;
import prior.data.DataFaults;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction2;

/** The work of a task: predicts one unit and says what it wrote. */
final class PredictUnit
    extends AbstractFunction2<TaskContext, scala.collection.Iterator<InternalRow>, DoneUnit>
    implements Serializable {
  private static final long serialVersionUID = 1;

  private final PartitionPrediction predict;
  private final UnitFiles.Target target;
  private final SerializableConfiguration conf;
  private final BadDataPolicy badRows;
  private final int[] units;

  /**
   * @param units the number of each partition's unit
   */
  PredictUnit(
      PartitionPrediction predict,
      UnitFiles.Target target,
      SerializableConfiguration conf,
      BadDataPolicy badRows,
      int[] units) {
    this.predict = predict;
    this.target = target;
    this.conf = conf;
    this.badRows = badRows;
    this.units = units;
  }

  @Override
  public DoneUnit apply(TaskContext context, scala.collection.Iterator<InternalRow> given) {
    long started = System.nanoTime();
    Iterator<InternalRow> rows = JavaConverters.asJavaIteratorConverter(given).asJava();
    int unit = units[context.partitionId()];
    Counted counted = new Counted(rows);
    try (UnitFiles files = new UnitFiles(target, conf.value(), unit, context.taskAttemptId())) {
      Iterator<InternalRow> predicted = predict.start(counted, policy(files));
      while (predicted.hasNext()) {
        files.write(predicted.next());
      }
      DoneUnit done = files.done(counted.count, (System.nanoTime() - started) / 1e9);
      context.taskMetrics().outputMetrics().setRecordsWritten(done.written());
      return done;
    } catch (IOException e) {
      throw DataFaults.storage("write", target.folder(), e);
    }
  }

  private BadRows policy(UnitFiles files) {
    return switch (badRows) {
      case FAIL -> BadRows::fail;
      case SKIP -> files;
    };
  }

  /** Counts what is read. */
  private static final class Counted implements Iterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private long count;

    Counted(Iterator<InternalRow> rows) {
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public InternalRow next() {
      count++;
      return rows.next();
    }
  }
}
