package prior.checkpoint;

import java.util.Arrays;
import java.util.Objects;

/**
 * A named array of float32 numbers.
 *
 * <p>Neither array is copied, for they may be large: whoever hands them over stops writing to them.
 *
 * @param name as in the reference's state dict
 * @param shape lengths of the axes; empty for a scalar
 * @param values in row-major order
 */
public record Tensor(String name, long[] shape, float[] values) {
  public Tensor {
    Objects.requireNonNull(name, "name");
    long count = 1;
    for (long length : shape) {
      count = Math.multiplyExact(count, length);
    }
    if (count != values.length) {
      throw new IllegalArgumentException(
          "Cannot make tensor "
              + name
              + ": values do not fill the shape, expected "
              + Arrays.toString(shape)
              + ", found "
              + values.length
              + " values");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor that
        && name.equals(that.name)
        && Arrays.equals(shape, that.shape)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return name + Arrays.toString(shape);
  }
}
