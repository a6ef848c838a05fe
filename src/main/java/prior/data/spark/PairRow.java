package prior.data.spark;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.StructType;

/** Turns moving rows into written ones; the arrays are reused from row to row. */
final class PairRow {
  private static final int TEXT = PairSchema.KEY + 1;
  private static final int IMAGE = PairSchema.KEY + 2;

  private final StructType moving;
  private final Object[] values;
  private final GenericInternalRow row;
  private final float[] text;
  private final float[] image;

  PairRow(StructType moving, int textWidth, int imageWidth) {
    this.moving = moving;
    this.values = new Object[moving.size() - PairSchema.KEY];
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
      values[i] = in.get(PairSchema.KEY + i, moving.apply(PairSchema.KEY + i).dataType());
    }
    values[TEXT - PairSchema.KEY] = UnsafeArrayData.fromPrimitiveArray(text);
    values[IMAGE - PairSchema.KEY] = UnsafeArrayData.fromPrimitiveArray(image);
    return row;
  }

  private static void decode(byte[] bytes, float[] into) {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(into);
  }
}
