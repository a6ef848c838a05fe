package prior.model;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.api.ops.impl.reduce.same.AMax;
import org.nd4j.linalg.api.ops.impl.reduce.same.Max;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarAdd;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Cos;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sin;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Array operations recorded once over fixed buffers and replayed without allocating. Every method
 * but {@link #run} only records.
 */
final class Program {

  /** Which operand of a matrix product is read transposed. */
  enum Form {
    AB(0, 0),
    ABT(0, 1),
    ATB(1, 0);

    private final long transposeA;
    private final long transposeB;

    Form(long transposeA, long transposeB) {
      this.transposeA = transposeA;
      this.transposeB = transposeB;
    }
  }

  /**
   * On the CPU the products of a batch run on the fast path of matrices only one by one; where they
   * are this large that outweighs the calls.
   */
  private static final long FEW_LARGE = 1_000_000;

  private final OpExecutioner executioner = Nd4j.getExecutioner();
  private final List<Runnable> steps = new ArrayList<>();

  /** Executes everything recorded, in order. */
  void run() {
    for (Runnable step : steps) {
      step.run();
    }
  }

  /** {@code into = a b}. */
  void matmul(Form form, INDArray a, INDArray b, INDArray into) {
    matmul(form, 1, a, b, 0, into);
  }

  /** {@code into += a b}. */
  void addMatmul(Form form, INDArray a, INDArray b, INDArray into) {
    matmul(form, 1, a, b, 1, into);
  }

  /**
   * {@code into = alpha a b + beta into}; operands of rank 2, or of rank 3 batched by the first
   * axis.
   */
  void matmul(Form form, double alpha, INDArray a, INDArray b, double beta, INDArray into) {
    if (into.rank() == 3 && HostVector.reaches() && products(form, a, into) >= FEW_LARGE) {
      for (long i = 0; i < into.size(0); i++) {
        one(form, alpha, Windows.slice(a, i), Windows.slice(b, i), beta, Windows.slice(into, i));
      }
    } else {
      one(form, alpha, a, b, beta, into);
    }
  }

  /** Multiplications in each product of a batch. */
  private static long products(Form form, INDArray a, INDArray into) {
    return into.size(1) * into.size(2) * a.size(form == Form.ATB ? 1 : 2);
  }

  private void one(Form form, double alpha, INDArray a, INDArray b, double beta, INDArray into) {
    long[] axes = {form.transposeA, form.transposeB, 0};
    record("matmul", into, axes, new double[] {alpha, beta}, a, b);
  }

  /** {@code into = a + b}, broadcasting. */
  void add(INDArray a, INDArray b, INDArray into) {
    record("add", into, a, b);
  }

  /** {@code into = a - b}, broadcasting. */
  void subtract(INDArray a, INDArray b, INDArray into) {
    record("subtract", into, a, b);
  }

  /** {@code into = a * b} element by element, broadcasting. */
  void multiply(INDArray a, INDArray b, INDArray into) {
    record("multiply", into, a, b);
  }

  /** {@code into = a / b}, broadcasting. */
  void divide(INDArray a, INDArray b, INDArray into) {
    record("divide", into, a, b);
  }

  /**
   * {@code into = from} for arrays of one shape {@code [B, n, d]} whose rows B are each contiguous,
   * as windows on the middle axis are.
   */
  void copyRows(INDArray from, INDArray into) {
    if (from.dataType() != DataType.FLOAT || !HostVector.reaches()) {
      copy(from, into);
      return;
    }
    HostVector source = new HostVector(from);
    HostVector target = new HostVector(into);
    int rows = Math.toIntExact(from.size(0));
    int width = Math.toIntExact(from.length() / rows);
    int sourceStride = Math.toIntExact(from.stride(0));
    int targetStride = Math.toIntExact(into.stride(0));
    onHost(
        () -> {
          for (int row = 0; row < rows; row++) {
            source.copy(row * sourceStride, width, target, row * targetStride);
          }
        });
  }

  /** {@code into = from}, broadcasting. */
  void copy(INDArray from, INDArray into) {
    record("assign", into, into, from);
  }

  void tanh(INDArray x, INDArray into) {
    record("tanh", into, x);
  }

  /** Softmax over the last axis of a rank-3 array. */
  void softmax(INDArray x, INDArray into) {
    record("softmax", into, new long[] {2}, new double[0], x);
  }

  void sin(INDArray x, INDArray into) {
    record(new Sin(x, into));
  }

  void cos(INDArray x, INDArray into) {
    record(new Cos(x, into));
  }

  /** {@code into = 1 / sqrt(x)}. */
  void rsqrt(INDArray x, INDArray into) {
    record(new RSqrt(x, into));
  }

  void erf(INDArray x, INDArray into) {
    record(new Erf(x, into));
  }

  void exp(INDArray x, INDArray into) {
    record(new Exp(x, into));
  }

  /** {@code into[i] = table[indices[i]]} over rows; indices are integers. */
  void gather(INDArray table, INDArray indices, INDArray into) {
    record("gather", into, new long[] {0}, new double[0], table, indices);
  }

  void sign(INDArray x, INDArray into) {
    record(new Sign(x, into));
  }

  /** {@code into = x + value}. */
  void addScalar(INDArray x, double value, INDArray into) {
    record(new ScalarAdd(x, null, into, value));
  }

  /** {@code into = x * value}. */
  void scale(INDArray x, double value, INDArray into) {
    record(new ScalarMultiplication(x, null, into, value));
  }

  /** The signed maximum of each row of a matrix, into a vector. */
  void rowMax(INDArray x, INDArray into) {
    record(new Max(x, into, false, 1));
  }

  /** The largest magnitude of each row of a matrix, into a vector. */
  void rowMaxMagnitude(INDArray x, INDArray into) {
    record(new AMax(x, into, 1));
  }

  /** {@code into[i, indices[i]] = 1} and 0 elsewhere; indices are integers. */
  void oneHot(INDArray indices, INDArray into) {
    record("onehot", into, new long[] {1, into.size(1)}, new double[] {1, 0}, indices);
  }

  /** {@code into = (integer) x}, element by element. */
  void toIntegers(INDArray x, INDArray into) {
    steps.add(() -> into.assign(x));
  }

  /** Work on host memory, between the operations. */
  void onHost(Runnable work) {
    steps.add(work);
  }

  private void record(Op op) {
    steps.add(() -> executioner.exec(op));
  }

  private void record(String name, INDArray into, INDArray... inputs) {
    record(name, into, new long[0], new double[0], inputs);
  }

  private void record(
      String name, INDArray into, long[] integers, double[] reals, INDArray... inputs) {
    CustomOp op = DynamicCustomOp.builder(name).build();
    OpContext context = executioner.buildContext();
    context.setInputArrays(inputs);
    context.setOutputArrays(into);
    context.setIArguments(integers);
    context.setTArguments(reals);
    steps.add(() -> executioner.exec(op, context));
  }
}
