package prior.infer.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import prior.data.NamedRandom;
import prior.data.spark.LocalSpark;
import prior.fault.UserFault;

/** Search on vectors whose neighbours geometry tells, and against all cosines, sorted. */
class NearestImagesTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final StructType TABLE =
      new StructType()
          .add("name", DataTypes.StringType)
          .add("v", DataTypes.createArrayType(DataTypes.FloatType));

  private static NearestImages.Vectors table(int partitions, Row... rows) {
    Dataset<Row> table = SPARK.createDataFrame(List.of(rows), TABLE).repartition(partitions);
    return new NearestImages.Vectors(table, "name", "v");
  }

  private static Row row(String name, float... vector) {
    Float[] boxed = new Float[vector.length];
    Arrays.setAll(boxed, i -> vector[i]);
    return RowFactory.create(name, boxed);
  }

  /** The unit vector at an angle, times a length, which cosines do not see. */
  private static Row at(String name, int degrees, double length) {
    double angle = Math.toRadians(degrees);
    return row(name, (float) (length * Math.cos(angle)), (float) (length * Math.sin(angle)));
  }

  @Test
  void onACircleTheNearestAreThoseAtTheSmallestAngle() {
    NearestImages.Vectors images =
        table(3, at("0", 0, 9), at("40", 40, 1), at("90", 90, 0.1), at("200", 200, 5));
    List<Row> found =
        NearestImages.search(table(2, at("a", 10, 1), at("b", 95, 2)), images, 2).collectAsList();
    assertThat(found).extracting(r -> r.getString(0)).containsExactly("a", "a", "b", "b");
    assertThat(found).extracting(r -> r.getString(1)).containsExactly("0", "40", "90", "40");
    assertThat(found).extracting(r -> r.getInt(2)).containsExactly(1, 2, 1, 2);
    assertThat(found.get(1).getDouble(3)).isCloseTo(Math.cos(Math.toRadians(30)), within(1e-7));
  }

  @Test
  void equallyNearImagesComeInTheOrderOfTheirKeys() {
    NearestImages.Vectors images =
        table(1, row("c", 1, 0), row("a", 1, 0), row("d", 1, 0), row("b", 1, 0));
    assertThat(NearestImages.search(table(1, row("q", 1, 0)), images, 3).collectAsList())
        .extracting(r -> r.getString(1))
        .containsExactly("a", "b", "c");
  }

  @Test
  void overSeveralPartitionsItFindsWhatSortingAllFinds() {
    NamedRandom random = NamedRandom.of(5, "vectors");
    Row[] images = new Row[60];
    Arrays.setAll(images, i -> random(random, "i" + i));
    Row[] queries = new Row[7];
    Arrays.setAll(queries, i -> random(random, "q" + i));
    List<Row> found = NearestImages.search(table(2, queries), table(4, images), 5).collectAsList();
    assertThat(found).hasSize(7 * 5);
    for (int q = 0; q < 7; q++) {
      Row query = queries[q];
      List<Row> sorted = new ArrayList<>(List.of(images));
      sorted.sort(Comparator.comparingDouble(image -> -cosine(query, image)));
      assertThat(found.subList(q * 5, q * 5 + 5))
          .extracting(r -> r.getString(1))
          .containsExactlyElementsOf(sorted.stream().limit(5).map(r -> r.getString(0)).toList());
    }
  }

  private static Row random(NamedRandom random, String name) {
    float[] vector = new float[5];
    random.fillGaussian(vector, 0, vector.length);
    return row(name, vector);
  }

  private static double cosine(Row a, Row b) {
    Float[] x = (Float[]) a.get(1);
    Float[] y = (Float[]) b.get(1);
    double[] sums = new double[3];
    for (int i = 0; i < x.length; i++) {
      sums[0] += (double) x[i] * y[i];
      sums[1] += (double) x[i] * x[i];
      sums[2] += (double) y[i] * y[i];
    }
    return sums[0] / Math.sqrt(sums[1] * sums[2]);
  }

  @Test
  void whatIsNoVectorIsRefusedByName() {
    NearestImages.Vectors good = table(1, row("a", 1, 0));
    assertThatThrownBy(() -> NearestImages.search(good, good, 0))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("at least 1 neighbour, found 0");
    NearestImages.Vectors names = new NearestImages.Vectors(good.rows(), "name", "name");
    assertThatThrownBy(() -> NearestImages.search(names, good, 1))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("in column name, found string");
    assertThatThrownBy(() -> NearestImages.search(table(1, row("bad", Float.NaN, 0)), good, 1))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("key bad")
        .hasMessageContaining("NaN");
    Dataset<Row> wide = NearestImages.search(good, table(1, row("wide", 1, 0, 0)), 1);
    assertThatThrownBy(wide::collectAsList)
        .hasStackTraceContaining("key wide")
        .hasStackTraceContaining("expected 2 numbers as the predictions, found 3 numbers");
  }
}
