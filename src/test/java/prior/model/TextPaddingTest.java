package prior.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.data.NamedRandom;

/** What the rows that a text leaves do to the prediction. */
class TextPaddingTest {
  private static final int ROWS = 3;

  /** Texts of three tokens leave the fourth row: is its null row looked at? */
  @ParameterizedTest
  @CsvSource({"masked, 1, false", "masked, 0, true", "null-rows, 1, true", "null-rows, 0, true"})
  void aMaskedRowIsSeenOnlyWhereTheTextIsDropped(String padding, int keep, boolean seen) {
    Dalle2Shape shape =
        SomeWidths.shape(
            "prior.condition_on_text_encodings=true",
            "prior.net.text_width=5",
            "prior.net.text_padding=" + padding);
    INDArray values = array("values", 1, ParameterLayout.of(shape).length());
    Network network = Network.forInference(shape, values, ROWS);
    fill(network.inputs(), shape, 3);
    network.inputs().keepText().assign(keep);
    INDArray before = network.forward().dup();
    INDArray nulls = ParameterLayout.of(shape).view(values, "net.null_text_encodings");
    Windows.columns(nulls.reshape('c', 1, nulls.length()), 3 * 8, 4 * 8).muli(-1);
    double change = network.forward().sub(before).amaxNumber().doubleValue();
    assertThat(change > 1e-3).isEqualTo(seen);
    assertThat(change == 0).isEqualTo(!seen);
  }

  /** Texts of {@code length} tokens. */
  private static void fill(Inputs inputs, Dalle2Shape shape, int length) {
    INDArray rows = array("encodings", ROWS, shape.maxTextLen(), shape.encodingDim());
    for (int text = 0; text < ROWS; text++) {
      for (int token = length; token < shape.maxTextLen(); token++) {
        rows.tensorAlongDimension(text, 1, 2).getRow(token).assign(0);
      }
    }
    inputs.textEncodings().assign(rows);
    inputs.text().assign(array("text", ROWS, shape.textDim()));
    inputs.noised().assign(array("noised", ROWS, shape.imageDim()));
  }

  private static INDArray array(String name, long... shape) {
    INDArray array = Nd4j.create(DataType.FLOAT, shape);
    float[] values = new float[Math.toIntExact(array.length())];
    NamedRandom.of(3, name).fillGaussian(values, 0, values.length);
    HostMemory.write(values, array);
    return array;
  }
}
