package prior.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SerializationTest {
  @Test
  void columnsAndWorkUnitsArriveAsTheyWereSent() throws Exception {
    PairColumns bare = PairColumns.of("t", "i", Optional.empty());
    PairColumns full =
        new PairColumns(
            Optional.empty(),
            "i",
            Optional.of(new EncodingColumns("e", 4, "m")),
            Optional.of("k"),
            List.of());
    WorkUnit unit = new WorkUnit("file:/a/part-0.parquet", 3, 1000);
    assertThat(roundTrip(bare)).isEqualTo(bare);
    assertThat(roundTrip(full)).isEqualTo(full);
    assertThat(roundTrip(unit)).isEqualTo(unit);
  }

  @Test
  void aWorkUnitIsSmallOnTheWire() throws Exception {
    assertThat(bytes(new WorkUnit("file:/a/part-0.parquet", 3, 1000)).length).isLessThan(200);
  }

  private static Object roundTrip(Object value) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes(value)))) {
      return in.readObject();
    }
  }

  private static byte[] bytes(Object value) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
      objects.writeObject(value);
    }
    return out.toByteArray();
  }
}
