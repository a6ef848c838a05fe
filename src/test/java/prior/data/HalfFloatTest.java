package prior.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfFloatTest {
  @Test
  void everyHalfSurvivesTheWayThroughFloat() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfFloat.toFloat((short) bits);
      boolean nan = (bits & 0x7FFF) > 0x7C00;
      assertThat(Float.isNaN(value)).isEqualTo(nan);
      if (!nan) {
        assertThat(HalfFloat.fromFloat(value)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void knownBitsHaveKnownValues() {
    assertThat(HalfFloat.toFloat((short) 0x3C00)).isEqualTo(1f);
    assertThat(HalfFloat.toFloat((short) 0xC000)).isEqualTo(-2f);
    assertThat(HalfFloat.toFloat((short) 0x7BFF)).isEqualTo(65504f);
    assertThat(HalfFloat.toFloat((short) 0x0001)).isEqualTo(0x1.0p-24f);
    assertThat(HalfFloat.toFloat((short) 0x03FF)).isEqualTo(1023 * 0x1.0p-24f);
    assertThat(HalfFloat.toFloat((short) 0xFC00)).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @Test
  void valuesBetweenTwoHalvesGoToTheNearestAndTiesToEven() {
    for (int bits = 0; bits < 0x7BFF; bits++) {
      float low = HalfFloat.toFloat((short) bits);
      float high = HalfFloat.toFloat((short) (bits + 1));
      float middle = (low + high) / 2;
      short even = (short) ((bits & 1) == 0 ? bits : bits + 1);
      assertThat(HalfFloat.fromFloat(middle)).isEqualTo(even);
      assertThat(HalfFloat.fromFloat(Math.nextDown(middle))).isEqualTo((short) bits);
      assertThat(HalfFloat.fromFloat(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
    }
    assertThat(HalfFloat.fromFloat(65519.996f)).isEqualTo((short) 0x7BFF);
    assertThat(HalfFloat.fromFloat(65520f)).isEqualTo((short) 0x7C00);
    assertThat(HalfFloat.fromFloat(Float.NaN)).isEqualTo((short) 0x7E00);
  }
}
