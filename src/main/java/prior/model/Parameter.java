package prior.model;

/**
 * One named tensor inside the flat parameter vector.
 *
 * @param name the reference's state-dict name
 * @param shape row-major; linear weights are [out, in]
 * @param offset first element in the flat vector
 * @param start the distribution it begins with
 */
public record Parameter(String name, long[] shape, long offset, Start start) {

  /** What a fresh parameter is drawn from, as PyTorch's modules do. */
  public enum Start {
    ONES,
    ZEROS,
    /** Zeros that training leaves alone: the mean of image embeddings. */
    FIXED_ZEROS,
    /** Ones that training leaves alone: their deviation. */
    FIXED_ONES,
    /** The identity, which training leaves alone: their axes. */
    FIXED_IDENTITY,
    /** Standard normal: embeddings and learned tokens. */
    NORMAL,
    /** Uniform within 1/sqrt(fan-in): weights and biases of linear layers. */
    FAN_IN
  }

  /** Number of elements. */
  public long length() {
    long length = 1;
    for (long axis : shape) {
      length *= axis;
    }
    return length;
  }

  /** Whether training changes it. */
  public boolean trains() {
    return switch (start) {
      case ONES, ZEROS, NORMAL, FAN_IN -> true;
      case FIXED_ZEROS, FIXED_ONES, FIXED_IDENTITY -> false;
    };
  }

  /** The reference decays parameters with two or more axes and no others. */
  public boolean decays() {
    return trains() && shape.length >= 2;
  }

  /**
   * The name inside Deeplearning4j, whose updater splits keys at the last underscore and so cannot
   * live with one.
   */
  public String key() {
    return name.replace('_', '-');
  }
}
