package prior.validate.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import prior.train.spark.PairReader;
import prior.train.spark.SharedFloats;
import prior.validate.BlockMeasure;
import prior.validate.BlockMeter;
import prior.validate.PairsToMeasure;

/** The work of a task: reads some blocks of pairs and measures them. */
final class MeasureBlocks implements FlatMapFunction<Iterator<NumberedBatch>, BlockMeasure> {
  private static final long serialVersionUID = 1;

  private final PairReader reader;
  private final BlockMeter meter;
  private final List<SharedFloats> weights;

  MeasureBlocks(PairReader reader, BlockMeter meter, List<SharedFloats> weights) {
    this.reader = reader;
    this.meter = meter;
    this.weights = weights;
  }

  @Override
  public Iterator<BlockMeasure> call(Iterator<NumberedBatch> batches) {
    List<PairsToMeasure> blocks = new ArrayList<>();
    while (batches.hasNext()) {
      NumberedBatch batch = batches.next();
      PairReader.Pairs pairs = reader.read(batch.text());
      if (pairs.rows() > 0) {
        blocks.add(new PairsToMeasure(batch.number(), pairs.clean(), pairs.rowIds()));
      }
    }
    return blocks.isEmpty()
        ? List.<BlockMeasure>of().iterator()
        : meter
            .measure(
                blocks, weights.stream().map(SharedFloats::copy).toList(), TaskContext.get().cpus())
            .iterator();
  }
}
