package prior.data;

/** IEEE 754 binary16 ("fp16") to and from float. */
public final class HalfFloat {
  private static final float SCALE_UP = 0x1.0p112f;
  private static final int INFINITY_BITS = 0x7F800000;
  private static final int HALF_INFINITY = 0x7C00;

  private HalfFloat() {}

  /** The value of 16 bits; exact, subnormal numbers, infinities and NaN included. */
  public static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int magnitude = half & 0x7FFF;
    if (magnitude >= HALF_INFINITY) {
      return Float.intBitsToFloat(sign | INFINITY_BITS | (magnitude & 0x3FF) << 13);
    }
    float scaled = Float.intBitsToFloat(magnitude << 13) * SCALE_UP;
    return Float.intBitsToFloat(sign | Float.floatToRawIntBits(scaled));
  }

  /** The nearest 16 bits, ties to even; beyond 65504 (after rounding) an infinity. */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7FFFFFFF;
    if (magnitude > INFINITY_BITS) {
      return (short) (sign | 0x7E00);
    }
    if (magnitude >= 0x477FF000) {
      return (short) (sign | HALF_INFINITY);
    }
    if (magnitude < 0x38800000) {
      return (short) (sign | subnormal(magnitude));
    }
    int rounded = magnitude + 0xFFF + (magnitude >>> 13 & 1);
    return (short) (sign | (rounded - 0x38000000) >>> 13);
  }

  /** Adding 0.5 aligns the last half bit with the last float bit, so the sum is rounded right. */
  private static int subnormal(int magnitude) {
    float aligned = Float.intBitsToFloat(magnitude) + 0.5f;
    return Float.floatToRawIntBits(aligned) - Float.floatToRawIntBits(0.5f);
  }
}
