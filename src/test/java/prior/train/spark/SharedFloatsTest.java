package prior.train.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import prior.data.spark.LocalSpark;

@Tag("spark")
class SharedFloatsTest {
  /** One piece and a little. */
  private static final int LENGTH = (1 << 24) + 3;

  @Test
  void aVectorOfSeveralPiecesArrivesWhole() {
    float[] vector = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      vector[i] = i % 1009;
    }
    SharedFloats shared =
        SharedFloats.of(
            JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext()), vector);
    assertThat(Arrays.mismatch(shared.copy(), vector)).isEqualTo(-1);
    shared.destroy();
  }
}
