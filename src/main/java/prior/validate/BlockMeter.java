package prior.validate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.InferConf;
import prior.conf.PriorConf;
import prior.infer.Cosine;
import prior.infer.Predictor;
import prior.model.HostMemory;
import prior.model.Lanes;

/**
 * Measures blocks of pairs on one worker.
 *
 * @param sampling how to sample, for each number of steps
 * @param blocksTwice blocks whose texts are sampled twice
 */
public record BlockMeter(
    PriorConf prior, FixedDraws draws, List<InferConf> sampling, int blocksTwice)
    implements Serializable {

  /**
   * Measures.
   *
   * @param weights flat vectors; the last is sampled with
   * @param threads the cores to use
   */
  public List<BlockMeasure> measure(
      List<PairsToMeasure> blocks, List<float[]> weights, int threads) {
    List<List<LossSums>> losses = new ArrayList<>();
    weights.forEach(flat -> losses.add(losses(blocks, flat, threads)));
    List<List<BlockMeasure.Sampled>> sampled = new ArrayList<>();
    float[] last = weights.get(weights.size() - 1);
    sampling.forEach(infer -> sampled.add(sampled(blocks, last, infer, threads)));
    List<BlockMeasure> measures = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      PairsToMeasure block = blocks.get(i);
      measures.add(
          new BlockMeasure(
              block.number(),
              block.clean().rows(),
              block.clean().text(),
              block.clean().image(),
              ofBlock(losses, i),
              ofBlock(sampled, i)));
    }
    return measures;
  }

  private static <T> List<T> ofBlock(List<List<T>> all, int block) {
    return new ArrayList<>(all.stream().map(each -> each.get(block)).toList());
  }

  private List<LossSums> losses(List<PairsToMeasure> blocks, float[] weights, int threads) {
    INDArray flat = Nd4j.create(1, weights.length);
    HostMemory.write(weights, flat);
    LossSums[] losses = new LossSums[blocks.size()];
    int lanes = Math.max(1, Math.min(threads, blocks.size()));
    try (Lanes work = new Lanes(lanes)) {
      work.run(
          lane -> {
            if (lane < blocks.size()) {
              LossMeter meter = new LossMeter(prior, draws, weights, flat, PairsToMeasure.BLOCK);
              for (int i = lane; i < blocks.size(); i += lanes) {
                PairsToMeasure block = blocks.get(i);
                losses[i] = meter.of(block.clean(), block.rowIds(), block.firstPair());
              }
            }
          });
    }
    return List.of(losses);
  }

  private List<BlockMeasure.Sampled> sampled(
      List<PairsToMeasure> blocks, float[] weights, InferConf infer, int threads) {
    List<BlockMeasure.Sampled> sampled = new ArrayList<>();
    try (Predictor predictor = new Predictor(prior, infer, weights, threads)) {
      List<float[]> once = each(blocks, PairsToMeasure::texts, predictor);
      List<PairsToMeasure> chosen =
          blocks.stream().filter(block -> block.number() < blocksTwice).toList();
      List<float[]> again = each(chosen, PairsToMeasure::renamed, predictor);
      for (int i = 0; i < blocks.size(); i++) {
        int at = chosen.indexOf(blocks.get(i));
        sampled.add(sampled(infer.steps(), once.get(i), at < 0 ? null : again.get(at)));
      }
    }
    return sampled;
  }

  /** Predictions of each block, as many blocks at once as the predictor has threads. */
  private static List<float[]> each(
      List<PairsToMeasure> blocks,
      Function<PairsToMeasure, Predictor.Texts> texts,
      Predictor predictor) {
    List<float[]> predicted = new ArrayList<>();
    int together = predictor.textsPerPass() / PairsToMeasure.BLOCK;
    for (int from = 0; from < blocks.size(); from += together) {
      List<Predictor.Texts> given =
          blocks.subList(from, Math.min(from + together, blocks.size())).stream()
              .map(texts)
              .toList();
      predicted.addAll(JoinedTexts.predict(given, predictor));
    }
    return predicted;
  }

  /**
   * @param again null where nothing was sampled twice
   */
  private BlockMeasure.Sampled sampled(int steps, float[] once, float[] again) {
    if (again == null) {
      return new BlockMeasure.Sampled(steps, once, 0, 0);
    }
    int dim = draws.dim();
    double apart = 0;
    for (int from = 0; from < once.length; from += dim) {
      apart += 1 - Cosine.of(once, from, again, from, dim);
    }
    return new BlockMeasure.Sampled(steps, once, apart, once.length / dim);
  }
}
