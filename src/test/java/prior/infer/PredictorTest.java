package prior.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import prior.conf.ConfLoader;
import prior.conf.Settings;
import prior.data.NamedRandom;
import prior.diffusion.UnclipSampler;
import prior.diffusion.UnclipSchedule;
import prior.fault.UserFault;
import prior.model.NetworkShape;
import prior.model.ParameterLayout;

class PredictorTest {
  private static final int DIM = 16;

  private static Settings settings(String... sets) {
    java.util.ArrayList<String> all =
        new java.util.ArrayList<>(
            List.of(
                "prior.net.dim=16",
                "prior.net.depth=2",
                "prior.net.heads=2",
                "prior.net.dim_head=8",
                "prior.net.max_text_len=3",
                "prior.net.num_timesteps=20",
                "prior.timesteps=20",
                "infer.steps=6",
                "infer.batch_size=4"));
    all.addAll(List.of(sets));
    return ConfLoader.load(List.of(), all).settings();
  }

  private static Predictor predictor(Settings settings) {
    return predictor(settings, 2);
  }

  private static Predictor predictor(Settings settings, int threads) {
    ParameterLayout layout = ParameterLayout.of(NetworkShape.of(settings.prior()));
    float[] weights = new float[(int) layout.length()];
    NamedRandom.of(1, "weights").fillGaussian(weights, 0, weights.length);
    return new Predictor(settings.prior(), settings.infer(), weights, threads);
  }

  private static Predictor.Texts texts(long... keys) {
    float[] text = new float[keys.length * DIM];
    for (int i = 0; i < keys.length; i++) {
      NamedRandom.of(2, "text", keys[i]).fillGaussian(text, i * DIM, DIM);
    }
    return new Predictor.Texts(keys, text, null);
  }

  private static float[] row(float[] rows, int row) {
    return Arrays.copyOfRange(rows, row * DIM, (row + 1) * DIM);
  }

  @Test
  void aRowsPredictionDependsNeitherOnItsNeighboursNorOnItsPlace() {
    Predictor predictor = predictor(settings());
    float[] together = predictor.predict(texts(10, 11, 12, 13));
    float[] otherwise = predictor.predict(texts(99, 13, 12));
    float[] alone = predictor.predict(texts(13));
    assertThat(row(otherwise, 1)).isEqualTo(row(together, 3));
    assertThat(row(otherwise, 2)).isEqualTo(row(together, 2));
    assertThat(alone).isEqualTo(row(together, 3));
  }

  @Test
  void neitherBatchNorThreadsNorPlaceNorMoreSamplesChangeABit() {
    String[] wide = {
      "prior.net.dim=16", "prior.net.heads=8", "prior.net.dim_head=64", "prior.net.ff_mult=19"
    };
    long[] keys = java.util.stream.LongStream.range(0, 75).toArray();
    float[] expected = predictor(settings(with(wide, "infer.batch_size=1")), 1).predict(texts(7));
    for (int threads = 1; threads <= 3; threads++) {
      for (int batch : new int[] {75, 96, 200}) {
        Settings settings = settings(with(wide, "infer.batch_size=" + batch));
        float[] all = predictor(settings, threads).predict(texts(keys));
        assertThat(row(all, 7)).as("%d threads, batch %d", threads, batch).isEqualTo(expected);
      }
    }
    Predictor one = predictor(settings(with(wide, "infer.batch_size=75")), 1);
    for (int place = 0; place < 75; place++) {
      long[] moved = keys.clone();
      moved[7] = place;
      moved[place] = 7;
      assertThat(row(one.predict(texts(moved)), place)).as("place %d", place).isEqualTo(expected);
    }
  }

  private static String[] with(String[] sets, String more) {
    String[] all = Arrays.copyOf(sets, sets.length + 1);
    all[sets.length] = more;
    return all;
  }

  @Test
  void theSeedChangesPredictionsAndAnotherSeedIsAnotherDraw() {
    float[] one = predictor(settings()).predict(texts(1));
    float[] other = predictor(settings("infer.seed=5")).predict(texts(1));
    assertThat(one).isNotEqualTo(other);
    assertThat(predictor(settings()).predict(texts(1))).isEqualTo(one);
  }

  @Test
  void theBestOfTwoSamplesIsNeverFurtherFromTheTextThanTheFirst() {
    Predictor.Texts texts = texts(1, 2);
    float[] one = predictor(settings("infer.samples_per_text=1")).predict(texts);
    float[] best = predictor(settings("infer.samples_per_text=2")).predict(texts);
    for (int i = 0; i < 2; i++) {
      float[] text = row(texts.text(), i);
      assertThat(Cosine.of(row(best, i), text))
          .isGreaterThanOrEqualTo(Cosine.of(row(one, i), text));
    }
  }

  @Test
  void solverStepsGoWithGuidanceSelfConditioningAndClamps() {
    Settings settings =
        settings(
            "infer.sampler=dpmpp",
            "infer.cond_scale=2",
            "infer.samples_per_text=2",
            "prior.net.self_cond=true",
            "prior.sampling_clamp=l2norm",
            "prior.sampling_final_clamp_l2norm=true");
    float[] predicted = predictor(settings).predict(texts(1, 2));
    double squares = 0;
    for (float value : row(predicted, 1)) {
      squares += value * value;
    }
    assertThat(squares).isBetween(1 - 1e-5, 1 + 1e-5);
    assertThat(predictor(settings).predict(texts(1, 2))).isEqualTo(predicted);
  }

  @Test
  void anUnclipPriorKnowsItsOwnStepsAlone() {
    String[] sets = {
      "prior.family=unclip",
      "prior.unclip.num_attention_heads=2",
      "prior.unclip.attention_head_dim=4",
      "prior.unclip.num_layers=1",
      "prior.unclip.embedding_dim=16",
      "infer.sampler=dpmpp"
    };
    assertThatThrownBy(() -> predictor(settings(sets)))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("infer.sampler auto or ddpm for the unclip family")
        .hasMessageContaining("found dpmpp");
  }

  @Test
  void aSingleStepIsRefusedWhereTheStepsRunFromTheLastToTheFirst() {
    UnclipSchedule schedule = new UnclipSchedule(settings().prior().unclip().scheduler());
    assertThatThrownBy(() -> new UnclipSampler(schedule, 1))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("expected infer.steps of at least 2 for the unclip family, found 1");
  }

  @Test
  void aNetworkWhosePredictionsAreNotImageEmbeddingsIsRefused() {
    Settings wide =
        settings(
            "prior.family=unclip",
            "prior.unclip.num_attention_heads=2",
            "prior.unclip.attention_head_dim=4",
            "prior.unclip.num_layers=1",
            "prior.unclip.embedding_dim=8",
            "prior.unclip.clip_embed_dim=10");
    assertThatThrownBy(() -> predictor(wide))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("found 10 and 8");
  }
}
