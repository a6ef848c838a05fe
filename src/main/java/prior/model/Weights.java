package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The flat parameter vector with, in training, the flat gradient beside it.
 *
 * @param gradients null in inference
 */
record Weights(ParameterLayout layout, INDArray values, INDArray gradients) {

  /** A tensor and its gradient (null in inference), both windows on the flat vectors. */
  record Tensor(INDArray value, INDArray gradient) {

    /** Rows {@code from} to {@code to} of a matrix. */
    Tensor rows(long from, long to) {
      return new Tensor(Windows.rows(value, from, to), Windows.rows(gradient, from, to));
    }

    /** The same elements under another shape. */
    Tensor reshape(long... shape) {
      INDArray reshaped = gradient == null ? null : gradient.reshape('c', shape);
      return new Tensor(value.reshape('c', shape), reshaped);
    }
  }

  Tensor tensor(String name) {
    return new Tensor(layout.view(values, name), layout.view(gradients, name));
  }

  boolean training() {
    return gradients != null;
  }
}
