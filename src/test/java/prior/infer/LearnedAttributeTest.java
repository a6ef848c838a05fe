package prior.infer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import prior.conf.ConfLoader;
import prior.conf.Settings;
import prior.data.NamedRandom;
import prior.model.ImageScaling;
import prior.model.NetworkShape;
import prior.model.Optimization;
import prior.model.ParameterLayout;
import prior.model.PriorGraph;
import prior.model.TrainableNetwork;
import prior.model.TrainingRule;
import prior.train.AttributeDrops;
import prior.train.CleanBatch;
import prior.train.Draws;
import prior.train.InitialWeights;
import prior.train.LocalTrainer;
import prior.train.Noising;
import prior.train.TrainingState;

/**
 * Images that depend on text and an attribute: the unit vector along text + 0.8 z e_0, for z the
 * standardised attribute. What a prior learns of it is judged on texts it has not seen.
 */
class LearnedAttributeTest {
  private static final int DIM = 16;
  private static final int BATCH = 64;
  private static final int STEPS = 500;
  private static final int HELD_OUT = 96;

  private final float[] with = train(true);

  @Test
  void theAttributeTellsOfTheImageWhatTheTextCannot() {
    double known = heldOut(with, true);
    double hidden = heldOut(train(false), false);
    System.Logger log = System.getLogger("attributes");
    log.log(System.Logger.Level.INFO, "held-out cosine: with {0}, without {1}", known, hidden);
    assertThat(known).isGreaterThan(hidden + 0.05);
  }

  @Test
  void theAttributeAloneMovesPredictionsItsWayAndGuidanceFurther() {
    double low = alongFirstAxis(-1, 1);
    double none = alongFirstAxis(Double.NaN, 1);
    double high = alongFirstAxis(1, 1);
    double guided = alongFirstAxis(1, 2.5);
    System.Logger log = System.getLogger("attributes");
    log.log(
        System.Logger.Level.INFO,
        "along the axis: low {0}, none {1}, high {2}, guided {3}",
        low,
        none,
        high,
        guided);
    assertThat(List.of(low + 0.2, none + 0.05, high, guided - 0.05)).isSorted();
    assertThat(none).isBetween(low + 0.1, high - 0.1);
  }

  private static Settings settings(String... sets) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "prior.net.dim=16",
                "prior.net.depth=2",
                "prior.net.heads=2",
                "prior.net.dim_head=16",
                "prior.net.max_text_len=1",
                "prior.net.num_timesteps=50",
                "prior.timesteps=50",
                "prior.net.attributes=[{name=z,kind=number,mean=0,deviation=1}]",
                "train.lr=3e-3",
                "train.use_ema=false",
                "train.wd=0.01",
                "infer.steps=8",
                "infer.sampler=dpmpp"));
    all.addAll(List.of(sets));
    return ConfLoader.load(List.of(), all).settings();
  }

  /** Pairs that rows name: text, image, and the attribute's columns. */
  private static CleanBatch pairs(long from, int rows, boolean given) {
    float[] text = new float[rows * DIM];
    float[] image = new float[rows * DIM];
    float[] attributes = new float[2 * rows];
    for (int row = 0; row < rows; row++) {
      NamedRandom random = NamedRandom.of(9, "pair", from + row);
      random.fillGaussian(text, row * DIM, DIM);
      normalise(text, row);
      float z = (float) random.nextGaussian();
      System.arraycopy(text, row * DIM, image, row * DIM, DIM);
      image[row * DIM] += 0.8f * z;
      normalise(image, row);
      attributes[2 * row] = given ? z : 0;
      attributes[2 * row + 1] = given ? 1 : 0;
    }
    return new CleanBatch(rows, text, image, null, attributes);
  }

  private static void normalise(float[] rows, int row) {
    double sum = 0;
    for (int i = row * DIM; i < (row + 1) * DIM; i++) {
      sum += rows[i] * rows[i];
    }
    for (int i = row * DIM; i < (row + 1) * DIM; i++) {
      rows[i] /= (float) Math.sqrt(sum);
    }
  }

  private static float[] train(boolean given) {
    Settings settings = settings();
    NetworkShape shape = NetworkShape.of(settings.prior());
    Optimization optimization = Optimization.of(settings.train());
    float[] weights = InitialWeights.of(ParameterLayout.of(shape), 1);
    LocalTrainer trainer =
        new LocalTrainer(
            new TrainableNetwork(
                PriorGraph.configuration(
                    shape,
                    TrainingRule.of(settings.prior(), 1),
                    settings.prior().lossType(),
                    optimization.updater(),
                    optimization.weightDecay()),
                2),
            null,
            BATCH);
    trainer.load(TrainingState.fresh(weights, false));
    Noising noising = new Noising(settings.prior(), ImageScaling.of(settings.prior(), weights));
    AttributeDrops drops = AttributeDrops.of(settings.prior(), 1);
    Draws.Rule rule = new Draws.Rule(1, 50, DIM, 0.1, 0.1, 1);
    for (int step = 0; step < STEPS; step++) {
      long from = 1000L + (long) step * BATCH;
      CleanBatch clean = pairs(from, BATCH, given);
      long[] rows = LongStream.range(from, from + BATCH).toArray();
      long[] epochs = new long[BATCH];
      drops.apply(clean.attributes(), epochs, rows);
      trainer.step(noising.batch(clean, Draws.named(rule, epochs, rows)), step);
    }
    return trainer.state().parameters();
  }

  private static float[] predict(float[] weights, CleanBatch clean, String... sets) {
    Settings settings = settings(sets);
    long[] keys = LongStream.range(0, clean.rows()).toArray();
    try (Predictor predictor = new Predictor(settings.prior(), settings.infer(), weights, 2)) {
      float[] all = new float[clean.rows() * DIM];
      int pass = predictor.textsPerPass();
      for (int from = 0; from < clean.rows(); from += pass) {
        int to = Math.min(clean.rows(), from + pass);
        float[] predicted =
            predictor.predict(
                new Predictor.Texts(
                    Arrays.copyOfRange(keys, from, to),
                    Arrays.copyOfRange(clean.text(), from * DIM, to * DIM),
                    null,
                    clean.attributes() == null
                        ? null
                        : Arrays.copyOfRange(clean.attributes(), 2 * from, 2 * to)));
        System.arraycopy(predicted, 0, all, from * DIM, predicted.length);
      }
      return all;
    }
  }

  private static double heldOut(float[] weights, boolean given) {
    CleanBatch pairs = pairs(0, HELD_OUT, given);
    float[] predicted = predict(weights, pairs);
    double sum = 0;
    for (int row = 0; row < HELD_OUT; row++) {
      sum += Cosine.of(predicted, row * DIM, pairs.image(), row * DIM, DIM);
    }
    return sum / HELD_OUT;
  }

  /** The mean first number of unit predictions, for one value in all rows; NaN for none. */
  private double alongFirstAxis(double z, double scale) {
    CleanBatch pairs = pairs(0, HELD_OUT, false);
    float[] predicted =
        predict(
            with,
            new CleanBatch(HELD_OUT, pairs.text(), pairs.image(), null),
            "infer.attributes.z=" + (Double.isNaN(z) ? "null" : z),
            "infer.cond_scale.z=" + scale);
    double sum = 0;
    for (int row = 0; row < HELD_OUT; row++) {
      normalise(predicted, row);
      sum += predicted[row * DIM];
    }
    return sum / HELD_OUT;
  }
}
