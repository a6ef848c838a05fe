package prior.model;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;
import prior.conf.LossType;

/**
 * The reference's losses: means over all elements of l1, l2, or smooth l1 with beta 1, times the
 * weight of their row where labels have a mask: {@code [B, 1]}, any numbers.
 */
record PriorLoss(LossType type) implements ILossFunction {

  /** Sum over rows of the mean over a row's elements; the loss layer divides by the rows. */
  @Override
  public double computeScore(
      INDArray labels, INDArray output, IActivation identity, INDArray mask, boolean average) {
    INDArray losses = weighted(elementLosses(labels, output), mask);
    double sum = losses.sumNumber().doubleValue();
    return sum / (average ? labels.length() : labels.size(1));
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray output, IActivation identity, INDArray mask) {
    return weighted(elementLosses(labels, output), mask).mean(true, 1);
  }

  private static INDArray weighted(INDArray rows, INDArray weights) {
    return weights == null ? rows : rows.muliColumnVector(weights);
  }

  private INDArray elementLosses(INDArray labels, INDArray output) {
    INDArray difference = output.sub(labels);
    return switch (type) {
      case L1 -> Transforms.abs(difference, false);
      case L2 -> difference.muli(difference);
      case HUBER -> {
        // With c the difference clipped to -1..1: c (d - c / 2) is d^2 / 2 inside, |d| - 1/2
        // outside.
        INDArray clipped = clipped(difference);
        yield difference.subi(clipped.mul(0.5)).muli(clipped);
      }
    };
  }

  private static INDArray clipped(INDArray difference) {
    return Transforms.max(Transforms.min(difference, 1, true), -1, false);
  }

  /** Gradient of the mean over all elements. */
  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray output, IActivation identity, INDArray mask) {
    INDArray difference = output.sub(labels);
    double share = 1.0 / labels.length();
    INDArray gradient =
        switch (type) {
          case L1 -> Transforms.sign(difference, false).muli(share);
          case L2 -> difference.muli(2 * share);
          case HUBER -> clipped(difference).muli(share);
        };
    return weighted(gradient, mask);
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray output, IActivation identity, INDArray mask, boolean average) {
    return new Pair<>(
        computeScore(labels, output, identity, mask, average),
        computeGradient(labels, output, identity, mask));
  }

  @Override
  public String name() {
    return "prior " + type;
  }
}
