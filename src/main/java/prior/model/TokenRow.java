package prior.model;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Tokens of several kinds, one after another. */
record TokenRow(List<Token> tokens, int dim) implements Token {

  @Override
  public int count() {
    return tokens.stream().mapToInt(Token::count).sum();
  }

  @Override
  public void forward(Program program, INDArray all) {
    long from = 0;
    for (Token token : tokens) {
      long to = from + (long) token.count() * dim;
      token.forward(program, Windows.columns(all, from, to));
      from = to;
    }
  }

  @Override
  public void backward(Program program, INDArray dAll) {
    long from = 0;
    for (Token token : tokens) {
      long to = from + (long) token.count() * dim;
      token.backward(program, Windows.columns(dAll, from, to));
      from = to;
    }
  }
}
