package prior.train.spark;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.SerializableConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.data.PairBlock;
import prior.data.PairColumns;
import prior.data.UnitContent;
import prior.data.WorkUnit;
import prior.data.spark.ParquetPairs;

/**
 * Sums over the image embeddings of a task's row groups: how many there are, then the sums of their
 * elements less a centre, or of products of two such elements. Row groups that cannot be used are
 * left out; the plan or the training itself tells of them.
 */
final class ImageMoments implements FlatMapFunction<Iterator<WorkUnit>, double[]> {
  private static final long serialVersionUID = 1;

  /** What is summed. */
  enum Order {
    /** {@code [W]} */
    ELEMENTS,
    /** Of an element with itself, {@code [W]}. */
    SQUARES,
    /** Of any two elements, {@code [W, W]}. */
    PRODUCTS
  }

  private final Order order;
  private final float[] centre;
  private final PairColumns columns;
  private final SerializableConfiguration conf;

  ImageMoments(Order order, float[] centre, String column, SerializableConfiguration conf) {
    this.order = order;
    this.centre = centre;
    this.columns = PairColumns.of(null, column, Optional.empty());
    this.conf = conf;
  }

  @Override
  public Iterator<double[]> call(Iterator<WorkUnit> units) {
    int width = centre.length;
    INDArray sums =
        switch (order) {
          case ELEMENTS, SQUARES -> Nd4j.zeros(DataType.DOUBLE, width);
          case PRODUCTS -> Nd4j.zeros(DataType.DOUBLE, width, width);
        };
    long rows = 0;
    while (units.hasNext()) {
      UnitContent content = ParquetPairs.content(conf.value(), units.next(), columns);
      if (content instanceof PairBlock block && block.imageWidth() == width) {
        rows += block.rows();
        add(centred(block), sums);
      }
    }
    return List.of(with(rows, sums.data().asDouble())).iterator();
  }

  private void add(INDArray images, INDArray sums) {
    switch (order) {
      case ELEMENTS -> sums.addi(images.sum(0));
      case SQUARES -> sums.addi(images.mul(images).sum(0));
      case PRODUCTS -> sums.addi(images.transpose().mmul(images));
    }
  }

  private INDArray centred(PairBlock block) {
    double[] values = new double[block.image().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (double) block.image()[i] - centre[i % centre.length];
    }
    return Nd4j.createFromArray(values).reshape(block.rows(), centre.length);
  }

  private static double[] with(double rows, double[] sums) {
    double[] all = new double[1 + sums.length];
    all[0] = rows;
    System.arraycopy(sums, 0, all, 1, sums.length);
    return all;
  }
}
