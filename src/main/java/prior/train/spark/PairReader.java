package prior.train.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import prior.conf.BadDataPolicy;
import prior.conf.PriorConf;
import prior.data.AttributeColumn;
import prior.data.BadShard;
import prior.data.NamedRandom;
import prior.data.PairBlock;
import prior.data.PairColumns;
import prior.data.UnitContent;
import prior.data.WorkUnit;
import prior.data.spark.ParquetPairs;
import prior.fault.UserFault;
import prior.train.BatchSpec;
import prior.train.CleanBatch;

/**
 * Reads the pairs a {@link BatchSpec} describes, on an executor. Row groups stay in its memory
 * between batches, see {@link BlockCache}. Rows of a row group that cannot be used are left out,
 * where that is allowed.
 */
public final class PairReader implements Serializable {
  private static final long serialVersionUID = 1;

  private final PriorConf prior;
  private final PairColumns columns;
  private final long seed;
  private final BadDataPolicy onBadShard;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final int attributeColumns;

  /**
   * @param seed of the order of a row group's rows
   */
  public PairReader(
      PriorConf prior,
      PairColumns columns,
      long seed,
      BadDataPolicy onBadShard,
      Broadcast<SerializableConfiguration> hadoop) {
    this.prior = prior;
    this.columns = columns;
    this.seed = seed;
    this.onBadShard = onBadShard;
    this.hadoop = hadoop;
    this.attributeColumns = AttributeColumn.columns(columns.attributes());
  }

  /**
   * Pairs that were read.
   *
   * @param epochs of each
   * @param rowIds their names
   * @param skipped pairs that cannot be used
   * @param bad where those lie
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Pairs(
      CleanBatch clean, long[] epochs, long[] rowIds, int skipped, List<BadShard> bad) {
    /** How many can be used. */
    public int rows() {
      return clean.rows();
    }
  }

  /** The pairs of a batch's text. */
  public Pairs read(String text) {
    BatchSpec spec = BatchSpec.parse(text);
    Gathered gathered = new Gathered(prior, attributeColumns, spec.rows());
    List<BadShard> bad = new ArrayList<>();
    for (BatchSpec.Slice slice : spec.slices()) {
      UnitContent content = content(slice.unit());
      if (content instanceof PairBlock block) {
        checkWidths(slice.unit(), block);
        gathered.add(block, shuffled(slice.unit(), slice.epoch()), slice);
      } else {
        bad.add(allowed((BadShard) content));
      }
    }
    return new Pairs(
        gathered.clean(), gathered.epochs(), gathered.rowIds(), spec.rows() - gathered.filled, bad);
  }

  private UnitContent content(WorkUnit unit) {
    return BlockCache.get(
        new BlockCache.Key(unit, columns),
        () -> ParquetPairs.content(hadoop.value().value(), unit, columns));
  }

  private BadShard allowed(BadShard bad) {
    return switch (onBadShard) {
      case SKIP -> bad;
      case FAIL ->
          throw UserFault.data(bad.cause() + " (data.on_bad_shard = skip would leave it out)");
    };
  }

  private void checkWidths(WorkUnit unit, PairBlock block) {
    if (block.textWidth() != prior.textDim() || block.imageWidth() != prior.imageDim()) {
      throw UserFault.data(
          ("Cannot train on %s: expected embeddings of the network's widths, text %d"
                  + " (prior.net.text_embed_width) and image %d (prior.net.image_width), found text"
                  + " %d and image %d")
              .formatted(
                  unit.file(),
                  prior.textDim(),
                  prior.imageDim(),
                  block.textWidth(),
                  block.imageWidth()));
    }
  }

  /** The epoch's order of a unit's rows; the same wherever the folder of its file lies. */
  private int[] shuffled(WorkUnit unit, long epoch) {
    String fileName = unit.file().substring(unit.file().lastIndexOf('/') + 1);
    long place = ((long) unit.from() << Integer.SIZE) + unit.rowGroup();
    NamedRandom random = NamedRandom.of(seed, "row order", epoch, fileName.hashCode(), place);
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
    private final PriorConf prior;
    private final float[] text;
    private final float[] image;
    private final float[] encodings;
    private final int attributeColumns;
    private final float[] attributes;
    private final long[] rowIds;
    private final long[] epochs;
    private int filled;

    Gathered(PriorConf prior, int attributeColumns, int rows) {
      this.prior = prior;
      this.text = new float[rows * prior.textDim()];
      this.image = new float[rows * prior.imageDim()];
      int encodings = prior.encodingRows() * prior.encodingDim();
      this.encodings = encodings == 0 ? null : new float[rows * encodings];
      this.attributeColumns = attributeColumns;
      this.attributes = attributeColumns == 0 ? null : new float[rows * attributeColumns];
      this.rowIds = new long[rows];
      this.epochs = new long[rows];
    }

    void add(PairBlock block, int[] order, BatchSpec.Slice slice) {
      for (int i = slice.from(); i < slice.to(); i++) {
        int row = order[i];
        copy(block.text(), row, text, prior.textDim());
        copy(block.image(), row, image, prior.imageDim());
        if (attributes != null) {
          copy(block.attributes(), row, attributes, attributeColumns);
        }
        rowIds[filled] = block.rowIds()[row];
        epochs[filled] = slice.epoch();
        if (encodings != null) {
          int width = prior.encodingDim();
          int kept = Math.min(prior.encodingRows(), block.encodingRows()) * width;
          int from = row * block.encodingRows() * width;
          int to = filled * prior.encodingRows() * width;
          System.arraycopy(block.encodings(), from, encodings, to, kept);
        }
        filled++;
      }
    }

    private void copy(float[] from, int row, float[] into, int width) {
      System.arraycopy(from, row * width, into, filled * width, width);
    }

    long[] rowIds() {
      return Arrays.copyOf(rowIds, filled);
    }

    long[] epochs() {
      return Arrays.copyOf(epochs, filled);
    }

    CleanBatch clean() {
      return new CleanBatch(
          filled,
          cut(text, prior.textDim()),
          cut(image, prior.imageDim()),
          encodings == null ? null : cut(encodings, prior.encodingRows() * prior.encodingDim()),
          attributes == null ? null : cut(attributes, attributeColumns));
    }

    private float[] cut(float[] values, int width) {
      int length = filled * width;
      return length == values.length ? values : Arrays.copyOf(values, length);
    }
  }
}
