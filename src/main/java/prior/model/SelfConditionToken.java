package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The previous prediction of x_0 as a token, through a projection where it has another width; zeros
 * where there was none.
 *
 * @param projection null where the prediction has the width of tokens
 */
record SelfConditionToken(INDArray selfCond, Linear projection) implements Token {
  static final String PROJECTION = "net.self_cond_proj";

  static SelfConditionToken of(Buffers buffers, Weights weights, Dalle2Shape shape, Inputs inputs) {
    INDArray selfCond = inputs.selfCond();
    return new SelfConditionToken(
        selfCond,
        shape.projectsImage() ? new Linear(buffers, weights, PROJECTION, selfCond) : null);
  }

  @Override
  public int count() {
    return 1;
  }

  @Override
  public void forward(Program program, INDArray tokens) {
    if (projection == null) {
      program.copy(selfCond, tokens);
    } else {
      projection.forward(program, tokens);
    }
  }

  @Override
  public void backward(Program program, INDArray dTokens) {
    if (projection != null) { // the previous prediction itself is data
      projection.backward(program, dTokens);
    }
  }
}
