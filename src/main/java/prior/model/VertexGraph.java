package prior.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A graph whose parameters belong to a vertex. Deeplearning4j counts the parameters of layers
 * alone, finds none, and silently trains nothing.
 */
final class VertexGraph extends ComputationGraph {
  private static final long serialVersionUID = 1;

  VertexGraph(ComputationGraphConfiguration configuration) {
    super(configuration);
  }

  @Override
  public long numParams(boolean backwards) {
    return params() == null ? 0 : params().length();
  }
}
