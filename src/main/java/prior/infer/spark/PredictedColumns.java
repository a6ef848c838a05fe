package prior.infer.spark;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import prior.conf.InferConf;
import prior.conf.KeptSamples;
import prior.conf.Settings;
import prior.conf.VectorFormat;
import prior.data.FloatFormat;
import prior.fault.UserFault;

/**
 * What a prediction adds to a row: the sample's number where all are kept, then the vector.
 *
 * @param name of the vector's column
 * @param width numbers of a vector
 */
record PredictedColumns(String name, int width, VectorFormat format, KeptSamples keep)
    implements Serializable {
  /** The column with the number of a text's sample, from 0. */
  static final String SAMPLE = "sample";

  private static final float LARGEST_HALF = 65504;

  static PredictedColumns of(Settings settings) {
    InferConf infer = settings.infer();
    return new PredictedColumns(
        infer.output(), settings.prior().imageDim(), infer.vectors(), infer.keep());
  }

  /** Where Parquet keeps the numbers. */
  static String leaf(InferConf infer) {
    return switch (infer.vectors()) {
      case ARRAY -> infer.output() + ".list.element";
      case FP16, FP32 -> infer.output();
    };
  }

  /** How many there are. */
  int count() {
    return switch (keep) {
      case BEST -> 1;
      case ALL -> 2;
    };
  }

  List<StructField> fields() {
    StructField vector = new StructField(name, type(), true, metadata());
    return switch (keep) {
      case BEST -> List.of(vector);
      case ALL ->
          List.of(new StructField(SAMPLE, DataTypes.IntegerType, false, Metadata.empty()), vector);
    };
  }

  private DataType type() {
    return switch (format) {
      case ARRAY -> DataTypes.createArrayType(DataTypes.FloatType, false);
      case FP16, FP32 -> DataTypes.BinaryType;
    };
  }

  /** Binary does not tell what it holds, so the column's metadata does. */
  private Metadata metadata() {
    return switch (format) {
      case ARRAY -> Metadata.empty();
      case FP16, FP32 ->
          new MetadataBuilder()
              .putString("vector", format.name().toLowerCase(Locale.ROOT) + " little-endian")
              .putLong("width", width)
              .build();
    };
  }

  /**
   * Puts a prediction into a row.
   *
   * @param vectors {@code [n, width]}, of which it is the {@code at}-th
   * @param from the first place of {@code row} that is not the input's own
   */
  void put(float[] vectors, int at, int sample, Object[] row, int from) {
    Object cell =
        switch (format) {
          case ARRAY ->
              UnsafeArrayData.fromPrimitiveArray(
                  Arrays.copyOfRange(vectors, at * width, (at + 1) * width));
          case FP16 -> halves(vectors, at);
          case FP32 -> bytes(vectors, at, FloatFormat.FP32);
        };
    row[from] = sample; // overwritten where samples are not numbered
    row[from + count() - 1] = cell;
  }

  private byte[] halves(float[] vectors, int at) {
    for (int i = at * width; i < (at + 1) * width; i++) {
      if (Math.abs(vectors[i]) > LARGEST_HALF) {
        throw UserFault.data(
            "Cannot write column %s: expected numbers that fp16 holds, up to %.0f, found %s; infer.vectors = fp32 holds it"
                .formatted(name, LARGEST_HALF, vectors[i]));
      }
    }
    return bytes(vectors, at, FloatFormat.FP16);
  }

  private byte[] bytes(float[] vectors, int at, FloatFormat as) {
    byte[] bytes = new byte[width * as.bytes()];
    as.put(vectors, at * width, width, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return bytes;
  }
}
