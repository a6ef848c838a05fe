package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code hidden = value * silu(gate)} (Shazeer 2020) and its gradient. */
interface SwiGlu {

  /** Reads value and half the gate, writes hidden. */
  void forward(Program program);

  /**
   * Turns hidden's gradient into value's, in place.
   *
   * @param twiceDGate where twice the gate's gradient is written
   */
  void backward(Program program, INDArray dHidden, INDArray twiceDGate);

  /**
   * The one for where the arrays lie.
   *
   * @param halfGate may be used up by {@link #forward}
   */
  static SwiGlu of(Buffers buffers, INDArray value, INDArray halfGate, INDArray hidden) {
    return buffers.onHost()
        ? new HostSwiGlu(buffers, value, halfGate, hidden)
        : new RecordedSwiGlu(buffers, value, halfGate, hidden);
  }
}
