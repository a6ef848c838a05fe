package prior.train.spark;

import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import prior.conf.PriorConf;
import prior.data.NamedRandom;
import prior.data.PairBlock;
import prior.data.PairColumns;
import prior.data.WorkUnit;
import prior.data.spark.ParquetPairs;
import prior.fault.UserFault;
import prior.train.BatchSpec;
import prior.train.CleanBatch;
import prior.train.Draws;
import prior.train.Noising;

/**
 * Reads the batch a {@link BatchSpec} describes and noises it, on the executor that trains on it.
 * Row groups stay in the executor's memory between batches, see {@link BlockCache}.
 */
final class PairLoader implements MultiDataSetLoader {
  private static final long serialVersionUID = 1;

  private final PriorConf prior;
  private final PairColumns columns;
  private final Draws.Rule rule;
  private final Broadcast<SerializableConfiguration> hadoop;
  private transient Noising noising;

  PairLoader(
      PriorConf prior,
      PairColumns columns,
      Draws.Rule rule,
      Broadcast<SerializableConfiguration> hadoop) {
    this.prior = prior;
    this.columns = columns;
    this.rule = rule;
    this.hadoop = hadoop;
  }

  /**
   * @param source its path is a {@link BatchSpec#text}
   */
  @Override
  public MultiDataSet load(Source source) {
    if (noising == null) {
      noising = new Noising(prior);
    }
    BatchSpec spec = BatchSpec.parse(source.getPath());
    int dim = prior.net().dim();
    int rows = spec.rows();
    int textRows = prior.conditionOnTextEncodings() ? prior.net().maxTextLen() : 0;
    Gathered gathered = new Gathered(rows, dim, textRows);
    for (BatchSpec.Slice slice : spec.slices()) {
      PairBlock block = block(slice.unit());
      gathered.add(block, shuffled(slice.unit(), slice.epoch()), slice);
    }
    return noising.batch(gathered.clean(), Draws.named(rule, gathered.epochs, gathered.rowIds));
  }

  private PairBlock block(WorkUnit unit) {
    PairBlock block =
        BlockCache.get(
            new BlockCache.Key(unit, columns),
            () -> ParquetPairs.read(hadoop.value().value(), unit, columns));
    int dim = prior.net().dim();
    if (block.textWidth() != dim || block.imageWidth() != dim) {
      throw UserFault.data(
          "Cannot train on %s: expected embeddings of prior.net.dim %d, found text %d and image %d"
              .formatted(unit.file(), dim, block.textWidth(), block.imageWidth()));
    }
    return block;
  }

  /** The epoch's order of a row group's rows. */
  private int[] shuffled(WorkUnit unit, long epoch) {
    NamedRandom random =
        NamedRandom.of(rule.seed(), "row order", epoch, unit.file().hashCode(), unit.rowGroup());
    int[] order = new int[unit.rows()];
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Rows collected from several row groups. */
  private static final class Gathered {
    private final int dim;
    private final int textRows;
    private final float[] text;
    private final float[] image;
    private final float[] encodings;
    private final long[] rowIds;
    private final long[] epochs;
    private int filled;

    Gathered(int rows, int dim, int textRows) {
      this.dim = dim;
      this.textRows = textRows;
      this.text = new float[rows * dim];
      this.image = new float[rows * dim];
      this.encodings = textRows == 0 ? null : new float[rows * textRows * dim];
      this.rowIds = new long[rows];
      this.epochs = new long[rows];
    }

    void add(PairBlock block, int[] order, BatchSpec.Slice slice) {
      for (int i = slice.from(); i < slice.to(); i++) {
        int row = order[i];
        System.arraycopy(block.text(), row * dim, text, filled * dim, dim);
        System.arraycopy(block.image(), row * dim, image, filled * dim, dim);
        rowIds[filled] = block.rowIds()[row];
        epochs[filled] = slice.epoch();
        if (textRows > 0) {
          int kept = Math.min(textRows, block.encodingRows()) * dim;
          int from = row * block.encodingRows() * dim;
          System.arraycopy(block.encodings(), from, encodings, filled * textRows * dim, kept);
        }
        filled++;
      }
    }

    CleanBatch clean() {
      return new CleanBatch(filled, dim, text, image, encodings);
    }
  }
}
