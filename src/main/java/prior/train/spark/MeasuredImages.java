package prior.train.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.Settings;
import prior.data.KeyHash;
import prior.data.WorkUnit;
import prior.data.spark.PreparedFolder;
import prior.fault.UserFault;
import prior.model.ImageScaling;
import prior.train.Whitening;
import prior.train.spark.ImageMoments.Order;

/**
 * Mean, deviation and principal axes of the training pairs' image embeddings, for {@code
 * prior.image_scale}. Mean and deviation are those of the preparation, where it left any; all else
 * is measured over about 100,000 pairs at most, in row groups that their names choose, so that the
 * same data gives the same numbers on every cluster.
 */
final class MeasuredImages {
  private static final long ENOUGH_PAIRS = 100_000;
  private static final int PARTS = 8;

  private final JavaSparkContext spark;
  private final Settings settings;
  private final List<WorkUnit> units;
  private final int width;

  private MeasuredImages(JavaSparkContext spark, Settings settings, List<WorkUnit> units) {
    this.spark = spark;
    this.settings = settings;
    this.units = chosen(units);
    this.width = settings.prior().imageDim();
  }

  /**
   * The scaling that the settings of a new run ask for.
   *
   * @return empty where nothing is measured for it
   */
  static Optional<ImageScaling> of(
      JavaSparkContext spark, Settings settings, List<WorkUnit> units) {
    MeasuredImages images = new MeasuredImages(spark, settings, units);
    return switch (settings.prior().imageScale()) {
      case SQRT_DIM -> Optional.empty();
      case MEAN_STD -> Optional.of(images.prepared().orElseGet(images::meanAndDeviation));
      case WHITENING -> Optional.of(images.whitening());
    };
  }

  private Optional<ImageScaling> prepared() {
    Configuration conf = spark.hadoopConfiguration();
    String data = settings.data().train();
    Optional<float[]> deviation = PreparedFolder.imageDeviation(conf, data).map(this::checked);
    return PreparedFolder.meanImage(conf, data)
        .map(this::checked)
        .flatMap(mean -> deviation.map(found -> scaling(mean, found)));
  }

  private float[] checked(float[] statistic) {
    if (statistic.length != width) {
      throw UserFault.data(
          ("Cannot scale image embeddings: expected %d numbers (prior.net.image_width) in the"
                  + " statistics beside %s, found %d")
              .formatted(width, settings.data().train(), statistic.length));
    }
    return statistic;
  }

  private ImageScaling meanAndDeviation() {
    float[] mean = mean();
    double[] squares = sum(Order.SQUARES, mean);
    float[] deviation = new float[width];
    for (int i = 0; i < width; i++) {
      deviation[i] = (float) Math.sqrt(squares[1 + i] / squares[0]);
    }
    return scaling(mean, deviation);
  }

  /** An element that never changes stays in its own units. */
  private static ImageScaling scaling(float[] mean, float[] deviation) {
    float[] used = deviation.clone();
    for (int i = 0; i < used.length; i++) {
      used[i] = used[i] == 0 ? 1 : used[i];
    }
    return ImageScaling.measured(mean, used, null);
  }

  private ImageScaling whitening() {
    float[] mean = mean();
    double[] products = sum(Order.PRODUCTS, mean);
    if (products[0] <= width) {
      throw UserFault.usage(
          ("Cannot whiten image embeddings (prior.image_scale = whitening): expected more training"
                  + " pairs than the %d numbers of an embedding, found %.0f")
              .formatted(width, products[0]));
    }
    double[] covariance = Arrays.copyOfRange(products, 1, products.length);
    return Whitening.of(
        mean, Nd4j.createFromArray(covariance).reshape(width, width).divi(products[0]));
  }

  private float[] mean() {
    double[] sums = sum(Order.ELEMENTS, new float[width]);
    float[] mean = new float[width];
    for (int i = 0; i < width; i++) {
      mean[i] = (float) (sums[1 + i] / sums[0]);
    }
    return mean;
  }

  /** The parts are added in their order. */
  private double[] sum(Order order, float[] centre) {
    ImageMoments moments =
        new ImageMoments(
            order,
            centre,
            settings.data().columns().imageEmbedding(),
            new SerializableConfiguration(spark.hadoopConfiguration()));
    List<double[]> parts =
        spark.parallelize(units, Math.min(PARTS, units.size())).mapPartitions(moments).collect();
    double[] total = parts.get(0);
    for (double[] part : parts.subList(1, parts.size())) {
      for (int i = 0; i < total.length; i++) {
        total[i] += part[i];
      }
    }
    return total;
  }

  private static List<WorkUnit> chosen(List<WorkUnit> all) {
    List<WorkUnit> shuffled = new ArrayList<>(all);
    shuffled.sort(Comparator.comparingLong(MeasuredImages::lot));
    List<WorkUnit> chosen = new ArrayList<>();
    long rows = 0;
    for (WorkUnit unit : shuffled) {
      if (rows < ENOUGH_PAIRS) {
        chosen.add(unit);
        rows += unit.rows();
      }
    }
    return List.copyOf(chosen);
  }

  /** The same wherever the folder lies. */
  private static long lot(WorkUnit unit) {
    return KeyHash.ofPlace(
        new Path(unit.file()).getName(), ((long) unit.from() << Integer.SIZE) + unit.rowGroup());
  }
}
