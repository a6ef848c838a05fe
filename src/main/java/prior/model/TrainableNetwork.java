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
    try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      INDArray state = graph.getUpdater().getStateViewArray();
      graph.params().assign(row(parameters));
      state.assign(row(moments).reshape(state.shape()));
      average = ema == null ? null : row(ema);
    }
    graph.getConfiguration().setIterationCount(Math.toIntExact(steps));
  }

  private static INDArray row(float[] values) {
    return Nd4j.createFromArray(values).reshape(1, values.length);
  }

  /** Takes one optimizer step and returns the batch's loss before it. */
  public double fit(MultiDataSet batch) {
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

  /** A copy of the parameters. */
  public float[] parameters() {
    return graph.params().data().asFloat();
  }

  /** A copy of Adam's first, then second moments. */
  public float[] moments() {
    return graph.getUpdater().getStateViewArray().data().asFloat();
  }

  /** A copy of the moving average; null where none is kept. */
  public float[] average() {
    return average == null ? null : average.data().asFloat();
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
