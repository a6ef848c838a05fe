package prior.infer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import prior.conf.ConfLoader;
import prior.conf.Settings;
import prior.data.NamedRandom;
import prior.model.NetworkShape;
import prior.model.ParameterLayout;

/** Values and scales of attributes as settings, on a network that has learned nothing. */
class AttributeGuidanceTest {
  private static final int DIM = 16;

  private static float[] predict(float[] attributes, String... sets) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "prior.net.dim=16",
                "prior.net.depth=2",
                "prior.net.heads=2",
                "prior.net.dim_head=8",
                "prior.net.max_text_len=3",
                "prior.net.num_timesteps=20",
                "prior.timesteps=20",
                "infer.steps=4",
                "infer.sampler=dpmpp",
                "infer.batch_size=4",
                "prior.net.attributes=[{name=a,kind=number,mean=5,deviation=2},{name=b,kind=category,values=[x,y]}]"));
    all.addAll(List.of(sets));
    Settings settings = ConfLoader.load(List.of(), all).settings();
    ParameterLayout layout = ParameterLayout.of(NetworkShape.of(settings.prior()));
    float[] weights = new float[(int) layout.length()];
    NamedRandom.of(1, "weights").fillGaussian(weights, 0, weights.length);
    float[] text = new float[2 * DIM];
    NamedRandom.of(2, "text").fillGaussian(text, 0, text.length);
    try (Predictor predictor = new Predictor(settings.prior(), settings.infer(), weights, 1)) {
      return predictor.predict(new Predictor.Texts(new long[] {1, 2}, text, null, attributes));
    }
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum;
  }

  private static void assertClose(float[] found, float[] expected) {
    assertThat(distance(found, expected)).isLessThan(1e-3);
  }

  @Test
  void aValueOfTheSettingsIsThatValueInEveryRow() {
    float[] rows = {1, 1, 2, 1, 1, 1, 2, 1};
    float[] set = predict(null, "infer.attributes.a=7", "infer.attributes.b=y");
    assertThat(set).containsExactly(predict(rows));
    assertThat(distance(set, predict(null))).isGreaterThan(0.1);
    assertThat(predict(null)).containsExactly(predict(new float[8]));
  }

  @Test
  void aRowsAttributesAreItsOwn() {
    float[] mixed = predict(new float[] {1, 1, 2, 1, 0, 0, 1, 1});
    float[] first = predict(new float[] {1, 1, 2, 1, 1, 1, 2, 1});
    float[] second = predict(new float[] {0, 0, 1, 1, 0, 0, 1, 1});
    assertThat(Arrays.copyOf(mixed, DIM)).containsExactly(Arrays.copyOf(first, DIM));
    assertThat(Arrays.copyOfRange(mixed, DIM, 2 * DIM))
        .containsExactly(Arrays.copyOfRange(second, DIM, 2 * DIM));
  }

  @Test
  void equalScalesAreOneScale() {
    float[] rows = {1, 1, 2, 1, -1, 1, 1, 1};
    assertThat(predict(rows, "infer.cond_scale.text=2", "infer.cond_scale.a=2"))
        .containsExactly(predict(rows, "infer.cond_scale=2"));
    assertThat(predict(rows, "infer.cond_scale.text=1", "infer.cond_scale.b=1"))
        .containsExactly(predict(rows));
    assertThat(distance(predict(rows, "infer.cond_scale=2"), predict(rows))).isGreaterThan(0.1);
  }

  @Test
  void aScaleOfItsOwnMattersWhereItsAttributeHasAValueAlone() {
    float[] withoutB = {1, 1, 0, 0, -1, 1, 0, 0};
    float[] withB = {1, 1, 2, 1, -1, 1, 1, 1};
    String[] apart = {"infer.cond_scale.text=2", "infer.cond_scale.b=4"};
    assertClose(predict(withoutB, apart), predict(withoutB, "infer.cond_scale=2"));
    assertThat(distance(predict(withB, apart), predict(withB, "infer.cond_scale=2")))
        .isGreaterThan(0.1);
    String[] none = {"infer.cond_scale.text=2", "infer.cond_scale.b=0"};
    assertClose(predict(withB, none), predict(withoutB, "infer.cond_scale=2"));
  }
}
