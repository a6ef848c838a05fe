package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import prior.train.Floats;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** Shares as they lie in shuffle files. */
class ShareSerializerTest {
  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);

  private static Share share(int chunk, int worker, float... numbers) {
    return new Share(new Share.Place(chunk, worker), 7L + worker, new Floats(numbers));
  }

  private static byte[] written(Share... shares) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SerializerInstance serializer = new ShareSerializer().newInstance();
    try (SerializationStream stream = serializer.serializeStream(bytes)) {
      for (Share share : shares) {
        stream.writeKey(share.place(), ANY);
        stream.writeValue(share, ANY);
      }
    }
    return bytes.toByteArray();
  }

  private static List<Share> read(byte[] bytes) {
    Iterator<Tuple2<Object, Object>> all =
        new ShareSerializer()
            .newInstance()
            .deserializeStream(new ByteArrayInputStream(bytes))
            .asKeyValueIterator();
    List<Share> shares = new ArrayList<>();
    while (all.hasNext()) {
      Tuple2<Object, Object> next = all.next();
      Share share = (Share) next._2();
      assertThat(next._1()).isEqualTo(share.place());
      shares.add(share);
    }
    return shares;
  }

  @Test
  void sharesAreReadAsTheyWereWritten() {
    List<Share> shares = read(written(share(3, 1, 0.5f, -2f), share(-1, 0, 8f)));
    assertThat(shares).extracting(Share::place).containsExactly(place(3, 1), place(-1, 0));
    assertThat(shares).extracting(Share::examples).containsExactly(8L, 7L);
    assertThat(shares.get(0).numbers().array()).containsExactly(0.5f, -2f);
    assertThat(shares.get(1).numbers().array()).containsExactly(8f);
  }

  private static Share.Place place(int chunk, int worker) {
    return new Share.Place(chunk, worker);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 9, 17, 24})
  void aShareCutShortIsAFaultAndNotTheEnd(int missing) {
    byte[] whole = written(share(3, 1, 0.5f, -2f), share(4, 1, 8f));
    assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length - missing)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cut short");
  }
}
