package prior.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.ConfLoader;
import prior.conf.ImageScale;
import prior.conf.LossType;
import prior.data.NamedRandom;

/** Elements of every parameter's gradient against central differences, in double. */
class GradientCheckTest {
  private static final double STEP = 1e-6;
  private static final int BATCH = 3;
  private static final int CHECKS = 6;

  static Stream<Arguments> networks() {
    Dropout dropout = new Dropout(0.2, 0.3, 5);
    return Stream.of(LossType.values())
        .flatMap(
            loss ->
                Stream.of(
                    Arguments.of(loss, TrainingRule.PLAIN, shape(10, 1, false, false, List.of())),
                    Arguments.of(
                        loss,
                        TrainingRule.PLAIN,
                        shape(10, 1, false, false, SomeAttributes.SHAPES)),
                    Arguments.of(loss, TrainingRule.PLAIN, shape(10, 2, true, true, List.of())),
                    Arguments.of(loss, TrainingRule.PLAIN, shape(0, 2, true, false, List.of())),
                    Arguments.of(
                        loss,
                        new TrainingRule(dropout, 0),
                        shape(10, 1, true, true, SomeAttributes.SHAPES)),
                    Arguments.of(
                        loss,
                        new TrainingRule(Dropout.NONE, 2.5),
                        shape(0, 1, false, true, List.of()))));
  }

  /** Projections from and to other widths, with padding masked and without. */
  static Stream<Arguments> networksOfOtherWidths() {
    return SomeWidths.all().map(shape -> Arguments.of(LossType.L2, TrainingRule.PLAIN, shape));
  }

  /** diffusers' networks: all options on, all off, and Shap-E's several image tokens. */
  static Stream<Arguments> unclipNetworks() {
    String small =
        "\"num_attention_heads\": 2, \"attention_head_dim\": 4, \"num_layers\": 2,"
            + " \"embedding_dim\": 6, ";
    return Stream.of(
            """
            "num_embeddings": 3, "norm_in_type": "layer", "embedding_proj_norm_type": "layer",
            "time_embed_dim": 10, "embedding_proj_dim": 5, "clip_embed_dim": 7,
            "dropout": 0.3
            """,
            """
            "num_embeddings": 3, "additional_embeddings": 3, "added_emb_type": null,
            "attention_mask": false
            """,
            """
            "num_embeddings": 0, "encoder_hid_proj_type": null, "attention_mask": true
            """,
            """
            "num_embeddings": 4, "additional_embeddings": 0, "added_emb_type": null,
            "encoder_hid_proj_type": null, "embedding_proj_norm_type": "layer",
            "time_embed_act_fn": "gelu"
            """)
        .map(options -> ConfLoader.priorFromDiffusers("{" + small + options + "}", null))
        .map(prior -> Arguments.of(LossType.L2, TrainingRule.of(prior, 5), NetworkShape.of(prior)));
  }

  /**
   * Two layers, 8 wide; the final norm is off, since the reference takes its maximum for a
   * constant.
   */
  private static Dalle2Shape shape(
      int timesteps,
      int embeds,
      boolean encodings,
      boolean normformer,
      List<AttributeShape> attributes) {
    return new Dalle2Shape(
        8,
        Dalle2Shape.Widths.of(8),
        false,
        ImageScale.SQRT_DIM,
        2,
        2,
        4,
        2,
        timesteps,
        2,
        embeds,
        embeds,
        embeds,
        encodings,
        encodings,
        normformer,
        false,
        true,
        normformer,
        true,
        attributes);
  }

  @ParameterizedTest
  @MethodSource({"networks", "networksOfOtherWidths", "unclipNetworks"})
  void gradientsAreTheSlopesOfTheLoss(LossType loss, TrainingRule rule, NetworkShape shape) {
    check(loss, rule, shape, null);
  }

  @ParameterizedTest
  @EnumSource(LossType.class)
  void gradientsOfWeightedRowsAreTheSlopesOfTheWeightedLoss(LossType loss) {
    INDArray weights = Nd4j.create(new double[] {0.25, 3, 0}, new long[] {BATCH, 1});
    check(loss, TrainingRule.PLAIN, shape(10, 1, false, false, List.of()), weights);
  }

  private static void check(
      LossType loss, TrainingRule rule, NetworkShape shape, INDArray weights) {
    AdamW unused = new AdamW(LearningRate.constant(1), 0.9, 0.99, 1e-6, 1);
    ComputationGraph graph =
        PriorGraph.of(
            PriorGraph.configuration(
                shape, rule, loss, unused, new WeightDecayRule(0, false), DataType.DOUBLE));
    graph.init();
    INDArray parameters = graph.params();
    NamedRandom random = NamedRandom.of(1, "gradient check");
    for (long i = 0; i < parameters.length(); i++) {
      parameters.putScalar(i, 0.5 * random.nextGaussian());
    }
    graph.setInputs(features(shape, random));
    graph.setLabels(array(random, BATCH, shape.outputDim()));
    if (weights != null) {
      graph.setLayerMaskArrays(null, new INDArray[] {weights});
    }
    graph.computeGradientAndScore();
    INDArray gradient = graph.gradient().gradient().dup();
    for (Parameter parameter : ParameterLayout.of(shape).parameters()) {
      for (int check = 0; check < CHECKS; check++) {
        long i = parameter.offset() + random.nextInt((int) parameter.length());
        double slope = slope(graph, parameters, i);
        double found = gradient.getDouble(i);
        assertThat(Math.abs(found - slope))
            .as("gradient of %s: found %s, slope %s", parameter.name(), found, slope)
            .isLessThanOrEqualTo(1e-6 + 1e-4 * Math.abs(slope));
      }
    }
  }

  private static double slope(ComputationGraph graph, INDArray parameters, long i) {
    double value = parameters.getDouble(i);
    parameters.putScalar(i, value + STEP);
    double above = score(graph);
    parameters.putScalar(i, value - STEP);
    double below = score(graph);
    parameters.putScalar(i, value);
    return (above - below) / (2 * STEP);
  }

  private static double score(ComputationGraph graph) {
    graph.computeGradientAndScore();
    return graph.score();
  }

  private static INDArray[] features(NetworkShape shape, NamedRandom random) {
    List<INDArray> features = new ArrayList<>();
    features.add(array(random, BATCH, shape.imageDim()));
    features.add(Nd4j.create(new double[] {0, 3, 7}, new long[] {BATCH, 1}));
    INDArray encodings = null;
    if (shape.encodingRows() > 0) {
      encodings = array(random, BATCH, shape.encodingRows(), shape.encodingDim());
      encodings.tensorAlongDimension(0, 1, 2).getRow(1).assign(0);
      encodings.tensorAlongDimension(1, 1, 2).getRow(1).assign(0);
    }
    boolean pooled = shape.textDim() > 0;
    features.add(pooled ? array(random, BATCH, shape.textDim()) : encodings);
    features.add(Nd4j.create(new double[] {1, 1, 0, 1, 1, 0}, new long[] {BATCH, 2}));
    if (pooled && encodings != null) {
      features.add(encodings);
    }
    if (shape.masksText()) {
      INDArray mask = Nd4j.ones(DataType.DOUBLE, BATCH, shape.encodingRows());
      features.add(mask.putScalar(1, 1, 0));
    }
    if (shape.attributeColumns() > 0) {
      features.add(SomeAttributes.rows(DataType.DOUBLE, BATCH));
    }
    if (shape.selfCond()) {
      features.add(Nd4j.zeros(DataType.DOUBLE, BATCH, 1));
    }
    return features.toArray(INDArray[]::new);
  }

  private static INDArray array(NamedRandom random, long... shape) {
    INDArray array = Nd4j.create(DataType.DOUBLE, shape);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, random.nextGaussian());
    }
    return array;
  }
}
