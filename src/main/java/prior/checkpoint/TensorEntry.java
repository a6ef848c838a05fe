package prior.checkpoint;

import java.util.List;

/**
 * What a file's header says of one tensor.
 *
 * @param name the tensor's name
 * @param type how its numbers are stored
 * @param shape lengths of the axes
 * @param begin first byte, counted from the end of the header
 * @param end one past the last byte
 */
public record TensorEntry(String name, TensorType type, List<Long> shape, long begin, long end) {
  public TensorEntry {
    shape = List.copyOf(shape);
  }

  /** Number of its values; fits an array once the header is checked. */
  public int count() {
    return Math.toIntExact((end - begin) / type.bytes());
  }

  /** Lengths of the axes, as {@link Tensor} has them. */
  public long[] dimensions() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
