package prior.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import prior.data.DataFaults;
import prior.fault.UserFault;

/**
 * Checks that declared tensors are of a known type, have the size their shape asks for and lie end
 * to end over all the bytes behind the header.
 */
final class TensorPlacement {
  /** The longest array every JVM can make. */
  private static final long MOST_VALUES = Integer.MAX_VALUE - 8L;

  private final String file;
  private final long dataBytes;

  /**
   * @param dataBytes bytes of the file behind its header
   */
  TensorPlacement(String file, long dataBytes) {
    this.file = file;
    this.dataBytes = dataBytes;
  }

  /** The checked entries in the order of their bytes. */
  List<TensorEntry> check(Iterable<TensorDeclaration> declared) {
    List<TensorEntry> entries = new ArrayList<>();
    for (TensorDeclaration tensor : declared) {
      entries.add(checked(tensor));
    }
    entries.sort(Comparator.comparingLong(TensorEntry::begin).thenComparing(TensorEntry::end));
    checkCover(entries);
    return entries;
  }

  private TensorEntry checked(TensorDeclaration tensor) {
    TensorType type =
        TensorType.named(tensor.type())
            .orElseThrow(
                () ->
                    refusal(
                        tensor.name(),
                        "unknown type",
                        "one of " + Arrays.toString(TensorType.values()),
                        tensor.type()));
    checkInside(tensor);
    long bytes = count(tensor) * type.bytes();
    if (tensor.end() - tensor.begin() != bytes) {
      throw refusal(
          tensor.name(),
          "its bytes do not fit its shape " + tensor.shape() + " of " + type,
          bytes + " bytes",
          tensor.end() - tensor.begin());
    }
    return new TensorEntry(tensor.name(), type, tensor.shape(), tensor.begin(), tensor.end());
  }

  private void checkInside(TensorDeclaration tensor) {
    if (tensor.begin() < 0 || tensor.end() < tensor.begin() || tensor.end() > dataBytes) {
      throw refusal(
          tensor.name(),
          "its offsets are outside the file's data",
          "0 <= begin <= end <= " + dataBytes,
          tensor.begin() + ".." + tensor.end());
    }
  }

  private long count(TensorDeclaration tensor) {
    long count = 1;
    for (long length : tensor.shape()) {
      if (length < 0) {
        throw refusal(tensor.name(), "negative length of an axis", "0 or more", tensor.shape());
      }
      count = product(tensor, count, length);
    }
    return count;
  }

  /** Both factors are below 2^63 and the first below 2^31, so a high part means too many. */
  private long product(TensorDeclaration tensor, long count, long length) {
    long product = count * length;
    if (Math.multiplyHigh(count, length) != 0 || product < 0 || product > MOST_VALUES) {
      throw refusal(
          tensor.name(), "too many values", "at most " + MOST_VALUES, "shape " + tensor.shape());
    }
    return product;
  }

  private void checkCover(List<TensorEntry> entries) {
    long covered = 0;
    for (TensorEntry entry : entries) {
      if (entry.begin() != covered) {
        String why = entry.begin() < covered ? "it overlaps another tensor" : "a hole before it";
        throw refusal(entry.name(), why, "begin " + covered, "begin " + entry.begin());
      }
      covered = entry.end();
    }
    if (covered != dataBytes) {
      throw DataFaults.unreadable(
          file, "bytes behind the last tensor", covered + " bytes of data", dataBytes);
    }
  }

  private UserFault refusal(String tensor, String why, String expected, Object found) {
    return DataFaults.unreadable(
        Shown.tensor(file, tensor), why, expected, Shown.text(found.toString()));
  }
}
