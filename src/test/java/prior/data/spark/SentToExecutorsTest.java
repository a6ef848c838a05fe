package prior.data.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import prior.data.EncodingColumns;
import prior.data.PairColumns;
import prior.data.PairStatistics;
import prior.data.WorkUnit;
import scala.reflect.ClassTag$;

/** All that travels between driver and executors, under both of Spark's serialisers. */
class SentToExecutorsTest {
  private static final SparkConf SPARK =
      new SparkConf(false).set("spark.kryo.registrator", RecordsInKryo.class.getName());

  static Stream<Object> values() {
    PairColumns columns =
        new PairColumns(
            Optional.of("t"),
            "i",
            Optional.of(new EncodingColumns("e", 4, null)),
            Optional.empty(),
            List.of());
    PairStatistics statistics = new PairStatistics(2, 3);
    statistics.add(new float[] {1, 2}, new float[] {3, 4, 5});
    return Stream.of(
        columns,
        new WorkUnit("file:/data/part-00000.parquet", 1, 1000),
        new WorkUnit("file:/data/part-00000.parquet", 1, 1000, 250, 125),
        new ParquetVectors(columns, 2, 3),
        new NpyVectors(Map.of("m", new NpyVectors.Shard("t", "i")), 2, 3),
        new Buckets(3, 2, 1),
        new PairUp.Rules("r", -1, 2, 3, 0.1, 0.1, 42, true, 5),
        new WriteBuckets.Target("f", "c", 2, 3, 4),
        new WrittenFile(3, 1, statistics));
  }

  @ParameterizedTest
  @MethodSource("values")
  void javaBringsItOver(Object value) {
    assertThat(roundTrip(new JavaSerializer(SPARK).newInstance(), value))
        .usingRecursiveComparison()
        .isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("values")
  void kryoBringsItOver(Object value) {
    assertThat(roundTrip(new KryoSerializer(SPARK).newInstance(), value))
        .usingRecursiveComparison()
        .isEqualTo(value);
  }

  /**
   * A hundred bytes for each of a thousand shards, and Hadoop's settings, are the most there is.
   */
  @Test
  void theFunctionsAreSmall() {
    Map<String, NpyVectors.Shard> shards = new HashMap<>();
    for (int i = 0; i < 1000; i++) {
      shards.put("metadata_" + i, new NpyVectors.Shard("text_" + i, "image_" + i));
    }
    Configuration conf = new Configuration(false);
    Buckets buckets = new Buckets(1000, 10, 10);
    PairUp.Rules rules = new PairUp.Rules("r", -1, 768, 768, 0.1, 0.1, 42, true, 5);
    assertThat(size(new PairUp(conf, new NpyVectors(shards, 768, 768), rules, buckets)))
        .isLessThan(200_000);
    WriteBuckets.Target target = new WriteBuckets.Target("f", "c", 768, 768, 4);
    assertThat(size(new WriteBuckets(conf, target, buckets, new StructType()))).isLessThan(20_000);
  }

  private static int size(Object value) {
    return new JavaSerializer(SPARK)
        .newInstance()
        .serialize(value, ClassTag$.MODULE$.apply(Object.class))
        .remaining();
  }

  private static Object roundTrip(SerializerInstance serializer, Object value) {
    ByteBuffer bytes = serializer.serialize(value, ClassTag$.MODULE$.apply(Object.class));
    return serializer.deserialize(bytes, ClassTag$.MODULE$.apply(Object.class));
  }
}
