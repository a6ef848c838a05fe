package prior.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import prior.data.NamedRandom;

class BootstrapTest {
  private static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static int[] whole(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  /** See make_bootstrap.py. */
  @Test
  void intervalsOfDrawnRowsAreNumPys() throws IOException {
    JsonNode numpy =
        new ObjectMapper().readTree(getClass().getResourceAsStream("/infer/bootstrap.json"));
    List<double[]> columns = new ArrayList<>();
    numpy.path("columns").forEach(column -> columns.add(numbers(column)));
    JsonNode rows = numpy.path("rows");
    List<Interval> intervals =
        Bootstrap.intervals(columns, rows.size(), (draw, n) -> whole(rows.get(draw)));
    assertThat(intervals).hasSize(2);
    for (int i = 0; i < 2; i++) {
      double[] expected = numbers(numpy.path("intervals").get(i));
      assertThat(intervals.get(i).low()).isCloseTo(expected[0], within(1e-12));
      assertThat(intervals.get(i).high()).isCloseTo(expected[1], within(1e-12));
    }
  }

  /** Of 500 intervals of 95 %, 475 should hold the mean; 4 deviations of that count are 20. */
  @Test
  void intervalsOfGaussiansHoldTheirMeanAsOftenAsTheySay() {
    int held = 0;
    for (int i = 0; i < 500; i++) {
      double[] values = new double[100];
      NamedRandom random = NamedRandom.of(i, "a sample");
      for (int row = 0; row < values.length; row++) {
        values[row] = 3 + 2 * random.nextGaussian();
      }
      held += new Bootstrap(i, 400).intervals(List.of(values)).get(0).holds(3) ? 1 : 0;
    }
    assertThat(held).isBetween(455, 495);
  }

  @Test
  void theSameSeedGivesTheSameIntervalAndAnotherAnother() {
    List<double[]> columns = List.of(new double[] {1, 2, 3, 4, 5, 7, 9, 20});
    Interval one = new Bootstrap(1, 200).intervals(columns).get(0);
    assertThat(new Bootstrap(1, 200).intervals(columns).get(0)).isEqualTo(one);
    assertThat(new Bootstrap(2, 200).intervals(columns).get(0)).isNotEqualTo(one);
  }
}
