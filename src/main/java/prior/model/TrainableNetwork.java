package prior.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A Deeplearning4j graph with its optimizer's state and a moving average of its parameters, loaded
 * and read as plain arrays. One thread at a time may use it.
 */
public final class TrainableNetwork {
  private final ComputationGraph graph;
  private INDArray average;

  public TrainableNetwork(ComputationGraphConfiguration configuration) {
    this.graph = PriorGraph.of(configuration.clone());
    graph.init();
  }

  /**
   * Takes over a state.
   *
   * @param moments Adam's first, then second moments
   * @param ema the moving average; null to keep none
   * @param steps optimizer steps taken before
   */
  public void load(float[] parameters, float[] moments, float[] ema, long steps) {
    HostMemory.write(parameters, graph.params());
    HostMemory.write(moments, graph.getUpdater().getStateViewArray());
    if (ema == null) {
      average = null;
    } else {
      try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
        average = average == null ? Nd4j.create(1, ema.length) : average;
      }
      HostMemory.write(ema, average);
    }
    graph.getConfiguration().setIterationCount(Math.toIntExact(steps));
  }

  /**
   * Takes one optimizer step and returns the batch's loss before it.
   *
   * @param name names the batch, for its dropout
   */
  public double fit(MultiDataSet batch, long name) {
    PriorGraph.nextBatch(graph, name);
    graph.fit(batch);
    return graph.score();
  }

  /** The gradient's length before clipping, in the last step. */
  public double gradientNorm() {
    return PriorGraph.gradientNorm(graph);
  }

  /** Moves the average: {@code average = kept average + (1 - kept) parameters}. */
  public void average(double kept) {
    if (kept == 0) {
      average.assign(graph.params());
    } else if (kept < 1) {
      long length = average.length();
      average.muli(kept);
      Nd4j.getBlasWrapper().level1().axpy(length, 1 - kept, graph.params(), average);
    }
  }

  /** A part of the state. */
  public enum Part {
    PARAMETERS,
    /** Adam's first, then second moments. */
    MOMENTS,
    /** The moving average; of no length where none is kept. */
    AVERAGE
  }

  /** Elements of a part. */
  public long length(Part part) {
    INDArray array = array(part);
    return array == null ? 0 : array.length();
  }

  /** Copies {@code into.length} elements of a part, from the {@code from}-th on. */
  public void read(Part part, long from, float[] into) {
    HostMemory.read(array(part), from, into);
  }

  private INDArray array(Part part) {
    return switch (part) {
      case PARAMETERS -> graph.params();
      case MOMENTS -> graph.getUpdater().getStateViewArray();
      case AVERAGE -> average;
    };
  }

  /** Whether all parameters are numbers. */
  public boolean finite() {
    return Double.isFinite(graph.params().norm2Number().doubleValue());
  }

  /** Optimizer steps taken. */
  public long steps() {
    return graph.getConfiguration().getIterationCount();
  }

  /** The graph itself, for Deeplearning4j's Spark classes. */
  public ComputationGraph graph() {
    return graph;
  }
}
