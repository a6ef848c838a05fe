package prior.model;

import java.io.Serializable;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.conf.AttributeConf;
import prior.conf.AttributeKind;
import prior.model.Parameter.Start;

/**
 * What an attribute of the configuration is to the network.
 *
 * @param size known values of a category, numbers of a vector, 1 for a number
 */
public record AttributeShape(String name, AttributeKind kind, int size) implements Serializable {
  private static final String PREFIX = "net.attributes.";

  /** Of an attribute whose values or statistics are known. */
  static AttributeShape of(AttributeConf conf) {
    int size =
        switch (conf.kind()) {
          case NUMBER -> 1;
          case CATEGORY -> conf.values().size();
          case VECTOR -> conf.width();
        };
    return new AttributeShape(conf.name(), conf.kind(), size);
  }

  /** Numbers of a row that hold its value: the number standardised, the value's place, or all. */
  int width() {
    return kind == AttributeKind.VECTOR ? size : 1;
  }

  /** Columns of a row: its value, then 1 where there is one and 0 where it is null or dropped. */
  public int columns() {
    return width() + 1;
  }

  /** The name of one of its parameters. */
  String parameter(String last) {
    return PREFIX + name + "." + last;
  }

  /** Whether a parameter belongs to an attribute. */
  static boolean owns(Parameter parameter) {
    return parameter.name().startsWith(PREFIX);
  }

  void addTo(ParameterLayout layout, int dim) {
    layout.add(parameter("null"), Start.NORMAL, 1, dim);
    switch (kind) {
      case NUMBER -> {
        layout.addLinear(parameter("mlp.0"), dim, NumberEmbedding.WAVES);
        layout.addLinear(parameter("mlp.1"), dim, dim);
      }
      case CATEGORY -> {
        layout.add(parameter("unknown"), Start.ZEROS, 1, dim);
        layout.add(parameter("table.weight"), Start.NORMAL, size, dim);
      }
      case VECTOR -> layout.addLinear(parameter("linear"), dim, size);
    }
  }

  /** What turns values {@code [B, width]} into a token's numbers. */
  Embedding embedding(Buffers buffers, Weights weights, INDArray values) {
    return switch (kind) {
      case NUMBER -> new NumberEmbedding(buffers, weights, this, values);
      case CATEGORY -> new CategoryEmbedding(buffers, weights, this, values);
      case VECTOR -> new Linear(buffers, weights, parameter("linear"), values);
    };
  }
}
