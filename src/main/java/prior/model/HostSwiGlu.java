package prior.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * In one pass over host memory each way, block by block: {@code silu(2h) = h (1 + tanh h)}. Keeps
 * nothing but what it reads.
 */
final class HostSwiGlu implements SwiGlu {
  private final HostVector value;
  private final HostVector halfGate;
  private final HostVector hidden;
  private final int length;
  private final float[] u;
  private final float[] h;
  private final float[] t;
  private final float[] d;
  private final float[] dGate;

  HostSwiGlu(Buffers buffers, INDArray value, INDArray halfGate, INDArray hidden) {
    this.value = new HostVector(value);
    this.halfGate = new HostVector(halfGate);
    this.hidden = new HostVector(hidden);
    this.length = Math.toIntExact(value.length());
    this.u = buffers.block("u");
    this.h = buffers.block("h");
    this.t = buffers.block("t");
    this.d = buffers.block("d");
    this.dGate = buffers.block("d gate");
  }

  @Override
  public void forward(Program program) {
    program.onHost(this::forward);
  }

  private void forward() {
    for (int at = 0; at < length; at += HostVector.BLOCK) {
      int count = read(at);
      multiply(u, h, t, count);
      hidden.put(at, u, count);
    }
  }

  private static void multiply(float[] u, float[] h, float[] t, int count) {
    for (int i = 0; i < count; i++) {
      u[i] *= h[i] * (1 + t[i]);
    }
  }

  @Override
  public void backward(Program program, INDArray dHidden, INDArray twiceDGate) {
    HostVector gradient = new HostVector(dHidden);
    HostVector gateGradient = new HostVector(twiceDGate);
    program.onHost(() -> backward(gradient, gateGradient));
  }

  private void backward(HostVector gradient, HostVector gateGradient) {
    for (int at = 0; at < length; at += HostVector.BLOCK) {
      int count = read(at);
      gradient.get(at, d, count);
      differentiate(u, h, t, d, dGate, count);
      gradient.put(at, d, count);
      gateGradient.put(at, dGate, count);
    }
  }

  /** With r = 1 + tanh h and s = silu: twice the slope is {@code r + s (2 - r)}. */
  private static void differentiate(
      float[] u, float[] h, float[] t, float[] d, float[] dGate, int count) {
    for (int i = 0; i < count; i++) {
      float r = 1 + t[i];
      float s = h[i] * r;
      dGate[i] = d[i] * u[i] * (r + s * (2 - r));
      d[i] *= s;
    }
  }

  private int read(int at) {
    int count = Math.min(HostVector.BLOCK, length - at);
    value.get(at, u, count);
    halfGate.get(at, h, count);
    HostTanh.of(h, t, count);
    return count;
  }
}
