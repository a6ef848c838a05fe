package prior.diffusion;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Predictions of several denoisers, each times a weight, added up in their order. */
public final class WeightedSum implements Denoiser {
  private final List<Term> terms;
  private INDArray sum;

  /** A denoiser and its weight. */
  public record Term(double weight, Denoiser denoiser) {}

  /**
   * @param terms at least one
   */
  public WeightedSum(List<Term> terms) {
    this.terms = List.copyOf(terms);
  }

  @Override
  public INDArray predict(INDArray x, int t, INDArray x0) {
    if (sum == null || !sum.equalShapes(x)) {
      sum = x.like();
    }
    sum.assign(0);
    for (Term term : terms) {
      INDArray prediction = term.denoiser().predict(x, t, x0);
      Nd4j.getBlasWrapper().level1().axpy(sum.length(), term.weight(), prediction, sum);
    }
    return sum;
  }
}
