package prior.model;

import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * The whole network as one vertex of a Deeplearning4j graph: one flat parameter vector, one updater
 * for all of it.
 */
final class PriorVertexConf extends GraphVertex implements TrainingConfig {
  private static final long serialVersionUID = 1;

  private final NetworkShape shape;
  private final TrainingRule rule;
  private final AdamW updater;
  private final WeightDecayRule weightDecay;
  private String name;

  PriorVertexConf(
      NetworkShape shape, TrainingRule rule, AdamW updater, WeightDecayRule weightDecay) {
    this.shape = shape;
    this.rule = rule;
    this.updater = updater;
    this.weightDecay = weightDecay;
  }

  @Override
  public GraphVertex clone() {
    PriorVertexConf copy = new PriorVertexConf(shape, rule, updater, weightDecay);
    copy.name = name;
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PriorVertexConf that
        && shape.equals(that.shape)
        && rule.equals(that.rule)
        && updater.equals(that.updater)
        && weightDecay.equals(that.weightDecay);
  }

  @Override
  public int hashCode() {
    return Objects.hash(shape, rule, updater, weightDecay);
  }

  @Override
  public long numParams(boolean backprop) {
    return ParameterLayout.of(shape).length();
  }

  @Override
  public int minVertexInputs() {
    return maxVertexInputs();
  }

  @Override
  public int maxVertexInputs() {
    return PriorGraph.inputs(shape).length;
  }

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String vertexName,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    this.name = vertexName;
    return new PriorVertex(this, graph, vertexName, index, parameters, type);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    return InputType.feedForward(shape.outputDim());
  }

  @Override
  public MemoryReport getMemoryReport(InputType... inputs) {
    return null;
  }

  @Override
  public String getLayerName() {
    return name;
  }

  @Override
  public List<Regularization> getRegularizationByParam(String key) {
    boolean decays =
        ParameterLayout.of(shape).parameters().stream()
            .filter(parameter -> parameter.key().equals(key))
            .anyMatch(weightDecay::decays);
    return decays ? List.of(new WeightDecay(weightDecay.rate(), true)) : List.of();
  }

  @Override
  public boolean isPretrainParam(String key) {
    return false;
  }

  @Override
  public IUpdater getUpdaterByParam(String key) {
    return updater;
  }

  /** The updater clips: it sees the whole gradient. */
  @Override
  public GradientNormalization getGradientNormalization() {
    return GradientNormalization.None;
  }

  @Override
  public double getGradientNormalizationThreshold() {
    return 0;
  }

  AdamW updater() {
    return updater;
  }

  WeightDecayRule weightDecay() {
    return weightDecay;
  }

  TrainingRule rule() {
    return rule;
  }

  NetworkShape shape() {
    return shape;
  }
}
