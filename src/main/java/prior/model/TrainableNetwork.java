package prior.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import prior.data.NamedRandom;

/**
 * A Deeplearning4j graph with its optimizer's state and a moving average of its parameters, loaded
 * and read as plain arrays. One thread at a time may use it.
 */
public final class TrainableNetwork {
  private final ComputationGraph graph;
  private final Lanes lanes;
  private INDArray average;
  private AdamWStep step;
  private double gradientNorm;

  /**
   * @param threads the cores to use
   */
  public TrainableNetwork(ComputationGraphConfiguration configuration, int threads) {
    this.graph = PriorGraph.of(configuration.clone());
    this.lanes = new Lanes(threads);
    graph.init();
    PriorGraph.lanes(graph, lanes);
  }

  /**
   * Makes ready for a state whose parts are then written.
   *
   * @param ema whether a moving average is kept
   * @param steps optimizer steps taken before
   */
  public void begin(boolean ema, long steps) {
    if (!ema) {
      average = null;
    } else if (average == null) {
      try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
        average = Nd4j.create(1, graph.params().length());
      }
    }
    graph.getConfiguration().setIterationCount(Math.toIntExact(steps));
  }

  /** Overwrites {@code count} elements of a part, from the {@code to}-th on, with an array's. */
  public void write(Part part, long to, float[] values, int from, int count) {
    HostMemory.write(values, from, count, array(part), to);
  }

  /**
   * Takes one optimizer step, then moves the average: {@code average = kept average + (1 - kept)
   * parameters}. Returns the batch's loss before the step, rows weighed as its labels' mask says.
   *
   * @param pairs that go through the network at once; a larger batch goes in pieces, whose
   *     gradients, weighted by their pairs, make the step's
   * @param name names the batch, for its dropout
   * @param kept 1 to leave the average alone
   */
  public double fit(MultiDataSet batch, int pairs, long name, double kept) {
    double loss = 0;
    for (BatchPiece piece : BatchPiece.of(batch, pairs)) {
      BatchPiece.Place place = piece.place();
      PriorGraph.next(graph, place, name(name, place.number()));
      if (place.last()) {
        step(piece.data(), kept);
      } else {
        gradient(piece.data());
      }
      loss += place.share() * graph.score();
    }
    return loss;
  }

  /** A first piece has its batch's own name. */
  private static long name(long batch, int piece) {
    return piece == 0 ? batch : NamedRandom.of(batch, "piece", piece).nextLong();
  }

  private void gradient(MultiDataSet batch) {
    graph.setInputs(batch.getFeatures());
    graph.setLabels(batch.getLabels());
    graph.setLayerMaskArrays(null, batch.getLabelsMaskArrays());
    graph.computeGradientAndScore();
  }

  private void step(MultiDataSet batch, double kept) {
    if (HostVector.reaches()) {
      stepOnHost(batch, kept);
    } else {
      graph.fit(batch);
      gradientNorm = PriorGraph.gradientNorm(graph);
      average(kept);
    }
  }

  private void stepOnHost(MultiDataSet batch, double kept) {
    gradient(batch);
    if (step == null) {
      PriorVertexConf conf = PriorGraph.conf(graph);
      step =
          new AdamWStep(
              conf.updater(),
              conf.weightDecay(),
              ParameterLayout.of(conf.shape()),
              lanes,
              graph.params(),
              graph.getFlattenedGradients(),
              graph.getUpdater().getStateViewArray());
    }
    step.average(average);
    int steps = Math.toIntExact(steps());
    gradientNorm = step.apply(steps, kept);
    graph.getConfiguration().setIterationCount(steps + 1);
  }

  /** The gradient's length before clipping, in the last step. */
  public double gradientNorm() {
    return gradientNorm;
  }

  private void average(double kept) {
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
