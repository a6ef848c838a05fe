package prior.model;

import java.io.Serializable;
import java.util.List;
import prior.conf.PriorConf;

/**
 * The sizes and switches that decide which parameters a network has, what it computes and what it
 * takes.
 */
public sealed interface NetworkShape extends Serializable permits Dalle2Shape, UnclipShape {

  /** The part of a prior's configuration that shapes its network. */
  static NetworkShape of(PriorConf prior) {
    return switch (prior.family()) {
      case DALLE2 -> Dalle2Shape.of(prior);
      case UNCLIP -> new UnclipShape(prior.unclip());
    };
  }

  /** Width of noised image embeddings. */
  int imageDim();

  /** Width of predictions. */
  int outputDim();

  /** Width of text embeddings; 0 where the network takes none. */
  int textDim();

  /** Rows of text encodings that come with the data; 0 for none. */
  int encodingRows();

  /** Width of text encodings. */
  int encodingDim();

  /** Whether the network takes a mask of its text rows. */
  boolean masksText();

  /** Attributes of a row, in the order of their tokens and columns. */
  List<AttributeShape> attributes();

  /** Columns of a row's attributes; 0 without any. */
  default int attributeColumns() {
    return attributes().stream().mapToInt(AttributeShape::columns).sum();
  }

  /** Whether the network conditions on an estimate of x_0. */
  boolean selfCond();

  /** Where its parameters lie. */
  ParameterLayout layout();
}
