package prior.bench;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;
import prior.model.Lanes;

/**
 * The best rate of single-precision matrix products: {@code [1024, 1024] x [1024, 1024]}, one on
 * each thread at once. What training reaches is a share of this.
 */
final class GemmWorkload implements Workload {
  private static final int SIZE = 1024;

  private final Lanes lanes;
  private final CustomOp[] products;
  private final OpContext[] contexts;

  GemmWorkload(int threads) {
    this.lanes = new Lanes(threads);
    this.products = new CustomOp[threads];
    this.contexts = new OpContext[threads];
    for (int i = 0; i < threads; i++) {
      products[i] = DynamicCustomOp.builder("matmul").build();
      contexts[i] = Nd4j.getExecutioner().buildContext();
      INDArray a = Nd4j.rand(DataType.FLOAT, SIZE, SIZE);
      INDArray b = Nd4j.rand(DataType.FLOAT, SIZE, SIZE);
      contexts[i].setInputArrays(a, b);
      contexts[i].setOutputArrays(Nd4j.create(DataType.FLOAT, SIZE, SIZE));
    }
  }

  @Override
  public void run() {
    lanes.run(i -> Nd4j.getExecutioner().exec(products[i], contexts[i]));
  }

  @Override
  public long rows() {
    return (long) SIZE * lanes.count();
  }

  @Override
  public Amount amount() {
    return new Amount("gflop_per_second", 2e-9 * SIZE * SIZE * SIZE * lanes.count());
  }
}
