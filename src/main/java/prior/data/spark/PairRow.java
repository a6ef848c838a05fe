package prior.data.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.StructType;

/** Turns moving rows into written ones; the arrays are reused from row to row. */
final class PairRow {
  private static final int TEXT = PairSchema.KEY + 1;
  private static final int IMAGE = PairSchema.KEY + 2;

  private final StructType moving;
  private final int[] written;
  private final Object[] values;
  private final GenericInternalRow row;
  private final float[] text;
  private final float[] image;

  PairRow(StructType moving, int textWidth, int imageWidth) {
    this.moving = moving;
    this.written =
        IntStream.range(PairSchema.KEY, moving.size())
            .filter(column -> textWidth > 0 || column != TEXT)
            .toArray();
    this.values = new Object[written.length];
    this.row = new GenericInternalRow(values);
    this.text = new float[textWidth];
    this.image = new float[imageWidth];
  }

  float[] text() {
    return text;
  }

  float[] image() {
    return image;
  }

  InternalRow of(InternalRow in) {
    decode(in.getBinary(TEXT), text);
    decode(in.getBinary(IMAGE), image);
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (written[i]) {
            case TEXT -> UnsafeArrayData.fromPrimitiveArray(text);
            case IMAGE -> UnsafeArrayData.fromPrimitiveArray(image);
            default -> in.get(written[i], moving.apply(written[i]).dataType());
          };
    }
    return row;
  }

  private static void decode(byte[] bytes, float[] into) {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(into);
  }
}
