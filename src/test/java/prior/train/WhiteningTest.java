package prior.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.data.NamedRandom;
import prior.model.ImageScaling;

/** Whitening by what it is to do: covariance in, identity out, and the way back. */
class WhiteningTest {
  private static final int ROWS = 4000;
  private static final int WIDTH = 24;

  /** Correlated rows about a mean, elements of very different spread. */
  private static float[] images() {
    float[] values = new float[ROWS * WIDTH];
    NamedRandom.of(1, "images").fillGaussian(values, 0, values.length);
    for (int row = 0; row < ROWS; row++) {
      for (int i = WIDTH - 1; i >= 0; i--) {
        int at = row * WIDTH + i;
        float shared = i == 0 ? 0 : values[at - 1];
        values[at] = 3 + (values[at] + 0.5f * shared) * (1 + i);
      }
    }
    return values;
  }

  private static ImageScaling whitening(float[] images) {
    INDArray rows = Nd4j.create(images, new long[] {ROWS, WIDTH}, 'c').castTo(DataType.DOUBLE);
    INDArray mean = rows.mean(0);
    INDArray centred = rows.subRowVector(mean);
    INDArray covariance = centred.transpose().mmul(centred).divi(ROWS);
    return Whitening.of(mean.castTo(DataType.FLOAT).data().asFloat(), covariance);
  }

  @Test
  void whitenedImagesHaveMeanZeroAndTheIdentityForCovariance() {
    float[] images = images();
    INDArray x0 =
        Nd4j.create(whitening(images).apply(images), new long[] {ROWS, WIDTH}, 'c')
            .castTo(DataType.DOUBLE);
    INDArray covariance = x0.transpose().mmul(x0).divi(ROWS);
    assertThat(x0.mean(0).amaxNumber().doubleValue()).isCloseTo(0, within(1e-4));
    assertThat(covariance.sub(Nd4j.eye(WIDTH).castTo(DataType.DOUBLE)).amaxNumber().doubleValue())
        .isCloseTo(0, within(1e-3));
  }

  @Test
  void undoBringsImagesBack() {
    float[] images = images();
    ImageScaling whitening = whitening(images);
    float[] back = whitening.undo(whitening.apply(images));
    for (int i = 0; i < images.length; i++) {
      assertThat(back[i]).isCloseTo(images[i], within(1e-3f * (1 + Math.abs(images[i]))));
    }
  }

  @Test
  void anAxisWithoutVarianceIsNotBlownUp() {
    float[] images = images();
    for (int row = 0; row < ROWS; row++) {
      images[row * WIDTH] = 3;
    }
    float[] x0 = whitening(images).apply(images);
    for (float value : x0) {
      assertThat(Math.abs(value)).isLessThan(20);
    }
  }
}
