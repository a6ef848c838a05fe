package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** As array operations, for any type and device. */
final class RecordedSwiGlu implements SwiGlu {
  private final Buffers buffers;
  private final INDArray value;
  private final INDArray activated;
  private final Silu silu;
  private final INDArray hidden;

  RecordedSwiGlu(Buffers buffers, INDArray value, INDArray halfGate, INDArray hidden) {
    this.buffers = buffers;
    this.value = value;
    this.activated = halfGate;
    this.silu = new Silu(buffers, halfGate);
    this.hidden = hidden;
  }

  @Override
  public void forward(Program program) {
    silu.forward(program);
    program.multiply(value, activated, hidden);
  }

  @Override
  public void backward(Program program, INDArray dHidden, INDArray twiceDGate) {
    INDArray slope = buffers.scratch("slope", hidden.shape());
    silu.twiceSlope(program, slope);
    program.multiply(dHidden, value, twiceDGate);
    program.multiply(twiceDGate, slope, twiceDGate);
    program.multiply(dHidden, activated, dHidden);
  }
}
