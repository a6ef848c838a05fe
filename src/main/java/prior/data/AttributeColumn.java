package prior.data;

import static java.util.stream.Collectors.toMap;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A column of the data that conditions a network, and how its values become numbers: those of the
 * value, then 1, or zeros where the column holds null.
 */
public sealed interface AttributeColumn extends Serializable {
  /** The column's name, matched without regard to case. */
  String column();

  /** Numbers of a value. */
  int width();

  /** Numbers of a row. */
  default int columns() {
    return width() + 1;
  }

  /**
   * A number, of which the mean is taken and the rest divided by the deviation; NaN stands for
   * null.
   */
  record Number(String column, double mean, double deviation) implements AttributeColumn {
    @Override
    public int width() {
      return 1;
    }

    /** Writes a finite value or NaN. */
    public void put(double value, float[] into, int from) {
      boolean given = !Double.isNaN(value);
      into[from] = given ? (float) ((value - mean) / deviation) : 0;
      into[from + 1] = given ? 1 : 0;
    }
  }

  /**
   * A text or whole number, as its place among the known values counted from 1; 0 for any other.
   */
  record Category(String column, Map<String, Integer> places) implements AttributeColumn {
    public Category {
      places = Map.copyOf(places);
    }

    /** With the known values in their order. */
    public Category(String column, List<String> values) {
      this(
          column,
          IntStream.range(0, values.size()).boxed().collect(toMap(values::get, i -> i + 1)));
    }

    @Override
    public int width() {
      return 1;
    }

    /** Writes a value, or null. */
    public void put(String value, float[] into, int from) {
      into[from] = value == null ? 0 : places.getOrDefault(value, 0);
      into[from + 1] = value == null ? 0 : 1;
    }
  }

  /** A vector as it is. */
  record Vector(String column, int width) implements AttributeColumn {
    /** Marks what was written as a value, or turns it into null. */
    public void mark(boolean given, float[] into, int from) {
      if (!given) {
        Arrays.fill(into, from, from + width, 0);
      }
      into[from + width] = given ? 1 : 0;
    }
  }

  /** Numbers of a row in all of some columns. */
  static int columns(List<AttributeColumn> all) {
    return all.stream().mapToInt(AttributeColumn::columns).sum();
  }
}
