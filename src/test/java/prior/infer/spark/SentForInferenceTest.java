package prior.infer.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import prior.data.AttributeColumn;
import prior.data.spark.ClipTexts;
import prior.data.spark.RecordsInKryo;
import scala.reflect.ClassTag$;

/** All that travels between driver and executors, under both of Spark's serialisers. */
class SentForInferenceTest {
  private static final SparkConf SPARK =
      new SparkConf(false).set("spark.kryo.registrator", RecordsInKryo.class.getName());

  static Stream<Object> values() {
    StructType schema = StructType.fromDDL("key string, text_embedding array<float>");
    ClipTexts vectors = new ClipTexts(Map.of("metadata_0.parquet", "text_emb_0.npy"), 4);
    AttributeCell cell =
        new AttributeCell(
            new AttributeColumn.Category("sort", List.of("a")), DataTypes.StringType, 0, 2);
    return Stream.of(
        new TextCells(schema, 2, 1, -1, -1, 0, List.of(cell), null),
        new TextCells(schema, 1, -1, -1, -1, 0, List.of(), vectors),
        new UnitFiles.Target(null, schema, "work", "run", "start", 10, 1),
        new DoneUnit(1, 3, 1, "s", 0.5, List.of(new DoneUnit.Part("a", "n", 2, 9, "f"))));
  }

  @ParameterizedTest
  @MethodSource("values")
  void javaBringsItOver(Object value) {
    assertThat(roundTrip(new JavaSerializer(SPARK).newInstance(), value)).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("values")
  void kryoBringsItOver(Object value) {
    assertThat(roundTrip(new KryoSerializer(SPARK).newInstance(), value)).isEqualTo(value);
  }

  private static Object roundTrip(SerializerInstance serializer, Object value) {
    ByteBuffer bytes = serializer.serialize(value, ClassTag$.MODULE$.apply(Object.class));
    return serializer.deserialize(bytes, ClassTag$.MODULE$.apply(Object.class));
  }
}
