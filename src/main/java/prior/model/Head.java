package prior.model;

import static prior.model.Program.Form.AB;
import static prior.model.Program.Form.ABT;
import static prior.model.Program.Form.ATB;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * From the last token {@code [B, D]} to the prediction: the stable final norm and the projection,
 * each where configured. The stable norm divides a token by its signed maximum first; gradients
 * take that maximum for a constant.
 */
final class Head {
  private final Buffers buffers;
  private final LayerNorm norm;
  private final Weights.Tensor projection;
  private final INDArray maximum;
  private final INDArray normed;
  private final INDArray prediction;

  Head(Buffers buffers, Weights weights, Dalle2Shape shape, int batch) {
    this.buffers = buffers;
    this.norm =
        shape.normOut()
            ? new LayerNorm(buffers, weights.tensor(ParameterLayout.transformer("norm.g")), batch)
            : null;
    this.projection =
        shape.finalProj()
            ? weights.tensor(ParameterLayout.transformer("project_out.weight"))
            : null;
    this.maximum = buffers.own(batch);
    this.normed = buffers.own(batch, shape.dim());
    this.prediction = buffers.own(batch, shape.imageDim());
  }

  /** The prediction {@code [B, W]} of what follows from x {@code [B, D]}. */
  INDArray forward(Program program, INDArray x) {
    if (norm == null) {
      program.copy(x, normed);
    } else {
      program.rowMax(x, maximum);
      program.divide(x, maximum.reshape('c', maximum.length(), 1), normed);
      norm.forward(program, normed, normed);
    }
    if (projection == null) {
      return normed;
    }
    program.matmul(ABT, normed, projection.value(), prediction);
    return prediction;
  }

  /** Writes the gradient of the last token, {@code [B, D]}, from that of the prediction. */
  void backward(Program program, INDArray dPrediction, INDArray dx) {
    INDArray dNormed = buffers.scratch("d last normed", dx.shape());
    if (projection == null) {
      program.copy(dPrediction, dNormed);
    } else {
      program.matmul(ATB, dPrediction, normed, projection.gradient());
      program.matmul(AB, dPrediction, projection.value(), dNormed);
    }
    if (norm == null) {
      program.copy(dNormed, dx);
    } else {
      norm.backward(program, dNormed, dNormed);
      program.divide(dNormed, maximum.reshape('c', maximum.length(), 1), dx);
    }
  }
}
