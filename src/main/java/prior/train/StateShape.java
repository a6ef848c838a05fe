package prior.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import prior.model.TrainableNetwork.Part;

/**
 * How long the parts of a {@link TrainingState} are.
 *
 * @param parameters elements of the parameter vector
 * @param ema whether a moving average is kept
 */
public record StateShape(long parameters, boolean ema) {

  /** Elements of a part. */
  public long length(Part part) {
    return switch (part) {
      case PARAMETERS -> parameters;
      case MOMENTS -> 2 * parameters;
      case AVERAGE -> ema ? parameters : 0;
    };
  }

  /** Bytes of a part. */
  public long bytes(Part part) {
    return Float.BYTES * length(part);
  }

  /** Bytes of all parts. */
  public long bytes() {
    long bytes = 0;
    for (Part part : Part.values()) {
      bytes += bytes(part);
    }
    return bytes;
  }

  /** Elements {@code from} to {@code from + count}, exclusive, of a part. */
  public record Slice(Part part, int from, int count) implements Serializable {}

  /** The parts one after another, each cut every {@code size} elements. */
  public List<Slice> slices(int size) {
    List<Slice> slices = new ArrayList<>();
    for (Part part : Part.values()) {
      int length = Math.toIntExact(length(part));
      for (long from = 0; from < length; from += size) {
        slices.add(new Slice(part, (int) from, (int) Math.min(size, length - from)));
      }
    }
    return slices;
  }
}
