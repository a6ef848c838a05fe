package prior.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs a {@link Network} inside a Deeplearning4j graph, over windows on the graph's parameter and
 * gradient vectors. Inputs in order: x_t, timesteps {@code [B, 1]}, text embedding (text encodings
 * where there is none), keep masks {@code [B, 2]} (text, image), then, where the network has them,
 * text encodings beside a text embedding, their mask, the attributes' columns and which rows
 * condition on their own estimate {@code [B, 1]}.
 *
 * <p>With several noise draws for each pair, x_t, timesteps, masks and self-conditioning have a row
 * for each draw, those of a pair one after another; a text is dropped where its pair's first draw
 * says so.
 */
final class PriorVertex extends BaseGraphVertex {
  private static final long serialVersionUID = 1;

  private final transient PriorVertexConf conf;
  private final transient ParameterLayout layout;
  private final transient INDArray parameters;
  private final transient Map<String, INDArray> parameterTable;
  private transient INDArray gradients;
  private transient BatchShards shards;
  private transient Lanes lanes = new Lanes(1);
  private final transient Accumulation accumulation = new Accumulation();
  private transient BatchPiece.Place place = BatchPiece.Place.WHOLE;
  private transient long batchName;

  PriorVertex(
      PriorVertexConf conf,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(graph, name, index, null, null, type);
    this.conf = conf;
    this.layout = ParameterLayout.of(conf.shape());
    this.parameters = parameters;
    this.parameterTable = tensors(parameters);
  }

  private Map<String, INDArray> tensors(INDArray flat) {
    Map<String, INDArray> table = new LinkedHashMap<>();
    for (Parameter parameter : layout.parameters()) {
      table.put(parameter.key(), layout.view(flat, parameter.name()));
    }
    return table;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    BatchShards.Size size = BatchShards.Size.of(inputs);
    if (gradients == null) {
      graph.initGradientsView();
    }
    if (shards == null || !shards.size().equals(size)) {
      try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
        shards = new BatchShards(conf.shape(), conf.rule(), parameters, gradients, size, lanes);
      }
    }
    return workspaces.dup(ArrayType.ACTIVATIONS, shards.forward(inputs, batchName));
  }

  /** Computes on these threads from now on. */
  void lanes(Lanes threads) {
    this.lanes = threads;
    this.shards = null;
  }

  /** Says which piece of a batch is next, and its name, for its dropout. */
  void next(BatchPiece.Place piece, long name) {
    this.place = piece;
    this.batchName = name;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
    shards.backward(epsilon);
    accumulation.add(gradients, place);
    Gradient gradient = new DefaultGradient(gradients);
    tensors(gradients).forEach(gradient::setGradientFor);
    return new Pair<>(gradient, new INDArray[inputs.length]);
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray view) {
    this.gradients = view;
    this.shards = null;
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int minibatchSize) {
    return null;
  }

  @Override
  public boolean hasLayer() {
    return false;
  }

  @Override
  public Layer getLayer() {
    return null;
  }

  @Override
  public TrainingConfig getConfig() {
    return conf;
  }

  @Override
  public INDArray params() {
    return parameters;
  }

  @Override
  public INDArray getGradientsViewArray() {
    return gradients;
  }

  @Override
  public Map<String, INDArray> paramTable(boolean backpropOnly) {
    return parameterTable;
  }

  @Override
  public String toString() {
    return "PriorVertex(" + conf.shape() + ")";
  }
}
