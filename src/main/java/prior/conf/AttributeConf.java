package prior.conf;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import prior.fault.UserFault;

/**
 * An entry of {@code prior.net.attributes}: a condition beside the text, one token of the sequence.
 *
 * @param column of the data; the name where it is not given
 * @param width numbers of a vector; null for other kinds
 * @param values a category's known values; null before they are taken from the training data
 * @param mean of a number in the training data; null before it is measured
 * @param deviation the same
 * @param condDropProb probability that it is dropped in training; null for prior.cond_drop_prob
 */
public record AttributeConf(
    String name,
    String column,
    AttributeKind kind,
    Integer width,
    List<String> values,
    Double mean,
    Double deviation,
    Double condDropProb)
    implements Serializable {
  /** What guidance calls the text. */
  static final String TEXT = "text";

  /** Different values of a category, at most. */
  public static final int MOST_VALUES = 10_000;

  public AttributeConf {
    column = column == null ? name : column;
    boolean category = kind == AttributeKind.CATEGORY;
    boolean number = kind == AttributeKind.NUMBER;
    boolean vector = kind == AttributeKind.VECTOR;
    new Check()
        .that(
            name != null && name.matches("[a-z][a-z0-9_]*") && !name.equals(TEXT),
            "name must be lower-case letters, digits and underscores, and not text, but was "
                + name)
        .that(vector == (width != null), "width must be given for kind vector and no other kind")
        .within("width", width, 1, 65536)
        .that(category || values == null, "values must be given for kind category alone")
        .that(
            values == null || new HashSet<>(values).size() == values.size(),
            "values must be different but was " + values)
        .within("values' number", values == null ? null : values.size(), 1, MOST_VALUES)
        .that(
            number || (mean == null && deviation == null),
            "mean and deviation must be given for kind number alone")
        .that((mean == null) == (deviation == null), "mean and deviation must be given together")
        .above("deviation", deviation, 0)
        .within("cond_drop_prob", condDropProb, 0, 1)
        .done();
    values = values == null ? null : List.copyOf(values);
  }

  /** Whether nothing has to be learned from the training data before the network can be made. */
  public boolean settled() {
    return switch (kind) {
      case NUMBER -> mean != null;
      case CATEGORY -> values != null;
      case VECTOR -> true;
    };
  }

  /** What a value given as text must be. */
  String expected() {
    return switch (kind) {
      case NUMBER -> "a number";
      case CATEGORY -> values == null ? "a value" : "one of " + String.join(", ", values);
      case VECTOR -> width + " numbers in brackets";
    };
  }

  boolean accepts(String text) {
    return switch (kind) {
      case NUMBER -> isNumber(text);
      case CATEGORY -> values == null || values.contains(text);
      case VECTOR -> {
        String[] numbers = elements(text);
        yield numbers.length == width && Arrays.stream(numbers).allMatch(AttributeConf::isNumber);
      }
    };
  }

  private static boolean isNumber(String text) {
    try {
      return Double.isFinite(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** The numbers of a vector given as text, {@code [0.5, -1]}. */
  public static String[] elements(String vector) {
    return vector.replaceAll("[\\[\\]\\s]", "").split(",", -1);
  }

  /** The same with what an attribute of the same name and kind knows, where this one does not. */
  public AttributeConf settledAs(AttributeConf known) {
    return switch (kind) {
      case NUMBER -> mean == null ? measured(known.mean, known.deviation) : this;
      case CATEGORY -> values == null ? withValues(known.values) : this;
      case VECTOR -> this;
    };
  }

  /** The first of some attributes of the same name and kind. */
  public Optional<AttributeConf> among(List<AttributeConf> others) {
    return others.stream()
        .filter(other -> other.name.equals(name) && other.kind == kind)
        .findFirst();
  }

  /**
   * Refuses a value given as text that is not of this kind.
   *
   * @throws UserFault naming the attribute, what is expected and what was found
   */
  public void require(String text) {
    if (!accepts(text)) {
      throw UserFault.usage(
          "Cannot use attribute %s: expected %s, found %s".formatted(name, expected(), text));
    }
  }

  /** The same number with what was measured. */
  public AttributeConf measured(double ofMean, double ofDeviation) {
    return new AttributeConf(name, column, kind, width, values, ofMean, ofDeviation, condDropProb);
  }

  /** The same category with what was found. */
  public AttributeConf withValues(List<String> found) {
    return new AttributeConf(name, column, kind, width, found, mean, deviation, condDropProb);
  }
}
