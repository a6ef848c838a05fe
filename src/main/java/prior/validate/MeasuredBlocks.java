package prior.validate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import prior.infer.EvalReport;
import prior.infer.Evaluation;
import prior.infer.Measure;
import prior.train.Validation;

/** All blocks of a validation, in their order, whoever measured them. */
public final class MeasuredBlocks {
  private final List<BlockMeasure> blocks;

  public MeasuredBlocks(List<BlockMeasure> measured) {
    this.blocks = measured.stream().sorted(Comparator.comparingInt(BlockMeasure::number)).toList();
  }

  /** Pairs measured. */
  public int pairs() {
    return blocks.stream().mapToInt(BlockMeasure::rows).sum();
  }

  /** The losses of a set of weights. */
  public Validation.Losses losses(int weights) {
    LossSums sums = new LossSums();
    blocks.forEach(block -> sums.add(block.losses().get(weights)));
    return sums.means();
  }

  /** Numbers of steps that were sampled with. */
  public int sampled() {
    return blocks.get(0).sampled().size();
  }

  /** Pairs with their predictions, by the place of the number of steps. */
  private List<Evaluation.Row> rows(int sampled) {
    List<Evaluation.Row> rows = new ArrayList<>();
    for (BlockMeasure block : blocks) {
      float[] predicted = block.sampled().get(sampled).predicted();
      for (int row = 0; row < block.rows(); row++) {
        rows.add(
            new Evaluation.Row(
                block.number() + " " + row,
                part(block.text(), row, block.rows()),
                part(block.image(), row, block.rows()),
                part(predicted, row, block.rows())));
      }
    }
    return rows;
  }

  private static float[] part(float[] all, int row, int rows) {
    int width = all.length / rows;
    return Arrays.copyOfRange(all, row * width, (row + 1) * width);
  }

  /** What predictions with a number of steps score. */
  public Validation.Samples samples(int sampled, String weights, float[] meanImage) {
    List<Evaluation.Row> rows = rows(sampled);
    EvalReport report = Evaluation.of(rows, mean(rows, meanImage));
    Map<String, Double> scores = new LinkedHashMap<>();
    report.means().forEach((measure, mean) -> scores.put(measure.key(), mean));
    scores.put(Measure.DIVERSITY.key(), diversity(sampled));
    return new Validation.Samples(weights, blocks.get(0).sampled().get(sampled).steps(), scores);
  }

  /** Mean over texts of 1 - cosine between two samples; NaN where none was sampled twice. */
  private double diversity(int sampled) {
    double apart = 0;
    int twice = 0;
    for (BlockMeasure block : blocks) {
      apart += block.sampled().get(sampled).apart();
      twice += block.sampled().get(sampled).twice();
    }
    return apart / twice;
  }

  /** What is drawn of the predictions with the first number of steps. */
  public Validation.Picture picture(float[] meanImage) {
    List<Evaluation.Row> rows = rows(0);
    return Portrait.of(rows, mean(rows, meanImage));
  }

  private static float[] mean(List<Evaluation.Row> rows, float[] known) {
    return known == null ? Evaluation.meanImage(rows) : known;
  }
}
