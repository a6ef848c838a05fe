package prior.model;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import prior.conf.LossType;

/** The Deeplearning4j graph that trains a prior: one vertex and a loss. */
public final class PriorGraph {
  private static final String VERTEX = "prior";
  private static final String LOSS = "loss";

  private PriorGraph() {}

  /** A configuration whose graph has {@link ParameterLayout#length} parameters. */
  public static ComputationGraphConfiguration configuration(
      NetworkShape shape,
      TrainingRule rule,
      LossType loss,
      AdamW updater,
      WeightDecayRule weightDecay) {
    return configuration(shape, rule, loss, updater, weightDecay, DataType.FLOAT);
  }

  static ComputationGraphConfiguration configuration(
      NetworkShape shape,
      TrainingRule rule,
      LossType loss,
      AdamW updater,
      WeightDecayRule weightDecay,
      DataType type) {
    String[] inputs = inputs(shape);
    return new NeuralNetConfiguration.Builder()
        .dataType(type)
        .miniBatch(false)
        .trainingWorkspaceMode(WorkspaceMode.ENABLED)
        .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
        .graphBuilder()
        .addInputs(inputs)
        .addVertex(VERTEX, new PriorVertexConf(shape, rule, updater, weightDecay), inputs)
        .addLayer(
            LOSS,
            new LossLayer.Builder(new PriorLoss(loss)).activation(Activation.IDENTITY).build(),
            VERTEX)
        .setOutputs(LOSS)
        .build();
  }

  static String[] inputs(NetworkShape shape) {
    boolean pooled = shape.textDim() > 0;
    String text = pooled ? "text" : "text-encodings";
    List<String> names = new ArrayList<>(List.of("noised", "times", text, "keep"));
    if (pooled && shape.encodingRows() > 0) {
      names.add("text-encodings");
    }
    if (shape.masksText()) {
      names.add("text-mask");
    }
    if (shape.attributeColumns() > 0) {
      names.add("attributes");
    }
    if (shape.selfCond()) {
      names.add("self-condition");
    }
    return names.toArray(String[]::new);
  }

  /** The graph of a configuration, not yet initialised. */
  public static ComputationGraph of(ComputationGraphConfiguration configuration) {
    return new VertexGraph(configuration);
  }

  /** Lets the network compute on these threads. */
  static void lanes(ComputationGraph graph, Lanes lanes) {
    ((PriorVertex) graph.getVertex(VERTEX)).lanes(lanes);
  }

  /** The settings the network was made with. */
  static PriorVertexConf conf(ComputationGraph graph) {
    return (PriorVertexConf) graph.getConfiguration().getVertices().get(VERTEX);
  }

  /** Says which piece of a batch is next, and its name, for its dropout. */
  static void next(ComputationGraph graph, BatchPiece.Place place, long name) {
    ((PriorVertex) graph.getVertex(VERTEX)).next(place, name);
  }

  /** The length of the last step's gradient before clipping. */
  public static double gradientNorm(ComputationGraph graph) {
    return ((AdamWUpdater) graph.getUpdater().getUpdaterBlocks().get(0).getGradientUpdater())
        .gradientNorm();
  }
}
