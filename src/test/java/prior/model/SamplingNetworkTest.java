package prior.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.ConfLoader;
import prior.conf.ImageScale;
import prior.data.NamedRandom;
import prior.diffusion.Denoiser;

/** What is computed once a batch against the network that computes everything at every call. */
class SamplingNetworkTest {
  private static final int TEXTS = 3;
  private static final double TOLERANCE = 2e-5;

  static Stream<Arguments> networksOfOtherWidths() {
    return SomeWidths.all().map(shape -> Arguments.of(shape, 2));
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of(shape(20, 1, false, false), 1),
        Arguments.of(SomeAttributes.in(shape(20, 1, false, false)), 2),
        Arguments.of(SomeAttributes.in(shape(20, 2, true, true)), 1),
        Arguments.of(shape(20, 2, true, false), 1),
        Arguments.of(shape(0, 2, false, true), 2),
        Arguments.of(shape(20, 1, true, true), 2),
        Arguments.of(unclip("\"num_embeddings\": 4"), 2),
        Arguments.of(unclip("\"num_embeddings\": 4, \"norm_in_type\": \"layer\""), 1),
        Arguments.of(
            unclip(
                "\"num_embeddings\": 4, \"added_emb_type\": null, \"additional_embeddings\": 3,"
                    + " \"embedding_proj_dim\": 8"),
            3),
        Arguments.of(
            unclip(
                "\"num_embeddings\": 0, \"encoder_hid_proj_type\": null, \"attention_mask\": true"),
            2),
        Arguments.of(unclip("\"num_embeddings\": 4, \"attention_mask\": false"), 2));
  }

  private static NetworkShape unclip(String options) {
    String config =
        "{\"num_attention_heads\": 2, \"attention_head_dim\": 6, \"num_layers\": 3,"
            + " \"embedding_dim\": 10, "
            + options
            + "}";
    return NetworkShape.of(ConfLoader.priorFromDiffusers(config, null));
  }

  private static Dalle2Shape shape(int timesteps, int embeds, boolean encodings, boolean self) {
    return new Dalle2Shape(
        16,
        Dalle2Shape.Widths.of(16),
        false,
        ImageScale.SQRT_DIM,
        3,
        2,
        8,
        2,
        timesteps,
        5,
        embeds,
        embeds,
        embeds,
        encodings,
        self,
        self,
        true,
        true,
        self,
        true,
        List.of());
  }

  @ParameterizedTest
  @MethodSource({"networks", "networksOfOtherWidths"})
  void predictsWhatTheWholeNetworkPredicts(NetworkShape shape, int samples) {
    INDArray values = array(1, 1, ParameterLayout.of(shape).length());
    Network plain = Network.forInference(shape, values, TEXTS * samples);
    SamplingNetwork cached = SamplingNetwork.of(shape, values, TEXTS, samples);
    for (int batch = 0; batch < 2; batch++) {
      fillTexts(shape, plain.inputs(), cached, samples, batch);
      for (int t : new int[] {19, 7, 0}) {
        INDArray x = array(100 + t, TEXTS * samples, shape.imageDim());
        INDArray x0 = array(200 + t, TEXTS * samples, shape.imageDim());
        compare(plain.conditional(), cached.conditional(), x, t, x0);
        compare(plain.unconditional(), cached.unconditional(), x, t, x0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAttributeLeftOutIsANullOne(boolean encodings) {
    Dalle2Shape shape = SomeAttributes.in(shape(20, 1, encodings, false));
    INDArray values = array(1, 1, ParameterLayout.of(shape).length());
    Network plain = Network.forInference(shape, values, TEXTS * 2);
    SamplingNetwork cached = SamplingNetwork.of(shape, values, TEXTS, 2);
    Denoiser without = cached.without(Set.of("kind_of"));
    fillTexts(shape, plain.inputs(), cached, 2, 0);
    INDArray x = array(100, TEXTS * 2, shape.imageDim());
    INDArray whole = plain.conditional().predict(x, 5, null).dup();
    Windows.columns(plain.inputs().attributes(), 2, 4).assign(0);
    compare(plain.conditional(), without, x, 5, null);
    assertThat(whole.sub(without.predict(x, 5, null)).amaxNumber().doubleValue())
        .isGreaterThan(0.01);
  }

  private static void fillTexts(
      NetworkShape shape, Inputs plain, SamplingNetwork cached, int samples, int batch) {
    if (shape.textDim() > 0) {
      cached.text().assign(array(10 + batch, TEXTS, shape.textDim()));
      plain.text().assign(cached.text().repeat(0, samples));
    }
    if (shape.encodingRows() > 0) {
      INDArray rows = array(20 + batch, TEXTS, shape.encodingRows(), shape.encodingDim());
      rows.tensorAlongDimension(1, 1, 2).getRow(3).assign(0);
      cached.textEncodings().assign(rows);
      plain.textEncodings().assign(rows.repeat(0, samples));
    }
    if (shape.masksText()) {
      INDArray mask = Nd4j.ones(TEXTS, shape.encodingRows()).putScalar(1, 3, 0);
      plain.textMask().assign(mask.repeat(0, samples));
    }
    if (shape.attributeColumns() > 0) {
      INDArray rows = SomeAttributes.rows(DataType.FLOAT, TEXTS + batch);
      cached.attributes().assign(Windows.rows(rows, batch, TEXTS + batch));
      plain.attributes().assign(cached.attributes().repeat(0, samples));
    }
    cached.readText();
  }

  private static void compare(Denoiser plain, Denoiser cached, INDArray x, int t, INDArray x0) {
    INDArray expected = plain.predict(x, t, x0).dup();
    INDArray difference = cached.predict(x, t, x0).sub(expected);
    assertThat(difference.amaxNumber().doubleValue())
        .as("largest difference at step %d", t)
        .isLessThanOrEqualTo(TOLERANCE * expected.amaxNumber().doubleValue());
    assertThat(expected.stdNumber().doubleValue()).isGreaterThan(0.01);
  }

  private static INDArray array(long name, long... shape) {
    INDArray array = Nd4j.create(DataType.FLOAT, shape);
    float[] values = new float[Math.toIntExact(array.length())];
    NamedRandom.of(name, "values").fillGaussian(values, 0, values.length);
    HostMemory.write(values, array);
    return array;
  }
}
