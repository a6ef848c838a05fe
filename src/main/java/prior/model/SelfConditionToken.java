package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The previous prediction of x_0 as a token; zeros where there was none. */
record SelfConditionToken(INDArray selfCond) implements Token {
  @Override
  public int count() {
    return 1;
  }

  @Override
  public void forward(Program program, INDArray tokens) {
    program.copy(selfCond, tokens);
  }

  @Override
  public void backward(Program program, INDArray dTokens) {
    // No parameters: the previous prediction is data.
  }
}
