package prior.infer.spark;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Job;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import prior.conf.InferConf;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** Predicts the units that are missing, each as one task, and notes each when it is done. */
final class UnitRun {
  private final SparkSession spark;
  private final PartitionPrediction predict;
  private final InferConf infer;
  private final StructType written;

  UnitRun(SparkSession spark, PartitionPrediction predict, InferConf infer, StructType written) {
    this.spark = spark;
    this.predict = predict;
    this.infer = infer;
    this.written = written;
  }

  /**
   * @param done numbers of units to leave alone
   */
  void run(Slices slices, Plan plan, String folder, Set<Integer> done, Journal journal)
      throws IOException {
    Job job = Job.getInstance(spark.sessionState().newHadoopConf());
    OutputWriterFactory factory =
        new ParquetFileFormat()
            .prepareWrite(spark, job, scala.collection.immutable.Map$.MODULE$.empty(), written);
    Configuration conf = job.getConfiguration();
    conf.set("parquet.enable.dictionary#" + PredictedColumns.leaf(infer), "false");
    PredictUnit task =
        new PredictUnit(
            predict,
            new UnitFiles.Target(
                factory,
                written,
                folder,
                plan.run().substring(0, 8),
                predict.job().substring(0, 8),
                infer.rowsPerFile(),
                infer.keptPerText()),
            new SerializableConfiguration(conf),
            infer.badRows(),
            slices.unitOfPartition());
    List<Object> missing =
        IntStream.range(0, slices.units().size())
            .filter(unit -> !done.contains(unit))
            .mapToObj(unit -> (Object) slices.partitions().get(unit))
            .toList();
    spark
        .sparkContext()
        .<InternalRow, DoneUnit>runJob(
            slices.rows(),
            task,
            JavaConverters.asScalaBufferConverter(missing).asScala().toSeq(),
            new Noting(journal),
            ClassTag$.MODULE$.apply(DoneUnit.class));
  }

  /** Runs on the driver for the one attempt of each task that counts. */
  private static final class Noting extends AbstractFunction2<Object, DoneUnit, BoxedUnit> {
    private final Journal journal;

    Noting(Journal journal) {
      this.journal = journal;
    }

    @Override
    public BoxedUnit apply(Object index, DoneUnit done) {
      journal.add(done);
      return BoxedUnit.UNIT;
    }
  }
}
