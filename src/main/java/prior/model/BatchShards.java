package prior.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The network over a batch cut into one shard of rows for each lane, each with buffers and a
 * gradient vector of its own. With dropout a shard draws its own masks, so that training then
 * depends on the number of lanes.
 */
final class BatchShards {
  private final Lanes lanes;
  private final int batch;
  private final List<Shard> shards = new ArrayList<>();
  private final INDArray prediction;
  private final INDArray gradient;

  /** Some rows of the batch and the network that computes them. */
  private record Shard(int from, int to, Network network, INDArray gradient) {

    INDArray rows(INDArray all) {
      return Windows.rows(all, from, to);
    }
  }

  /**
   * @param gradient where the gradient of the whole batch is written
   */
  BatchShards(
      NetworkShape shape,
      TrainingRule rule,
      INDArray parameters,
      INDArray gradient,
      int batch,
      Lanes lanes) {
    this.lanes = lanes;
    this.batch = batch;
    this.gradient = gradient;
    this.prediction = Nd4j.create(parameters.dataType(), batch, shape.outputDim());
    int count = Math.min(lanes.count(), batch);
    for (int i = 0; i < count; i++) {
      int from = batch * i / count;
      int to = batch * (i + 1) / count;
      INDArray own = i == 0 ? gradient : gradient.like();
      Network network = Network.forTraining(shape, rule, parameters, own, to - from);
      shards.add(new Shard(from, to, network, own));
    }
  }

  /** Rows of the batch. */
  int batch() {
    return batch;
  }

  /**
   * The prediction {@code [B, D]} as training sees it.
   *
   * @param features of the whole batch, as {@link PriorVertex} is given them
   * @param batchName names the dropout masks
   */
  INDArray forward(INDArray[] features, long batchName) {
    each(
        shard -> {
          fill(shard, features);
          shard
              .rows(prediction)
              .assign(shard.network().trainingForward(batchName, shards.indexOf(shard)));
        });
    return prediction;
  }

  private static void fill(Shard shard, INDArray[] features) {
    Inputs into = shard.network().inputs();
    into.noised().assign(shard.rows(features[0]));
    into.times().assign(shard.rows(features[1]));
    into.text().assign(shard.rows(features[2]));
    int next = 4;
    if (into.textEncodings() != null) {
      into.textEncodings().assign(shard.rows(features[next++]));
    }
    if (into.textMask() != null) {
      into.textMask().assign(shard.rows(features[next++]));
    }
    if (into.selfCond() != null) {
      shard.network().conditionOnSelf(shard.rows(features[next]));
    }
    INDArray keep = shard.rows(features[3]);
    into.keepText().assign(Windows.columns(keep, 0, 1));
    into.keepImage().assign(Windows.columns(keep, 1, 2));
  }

  /** Writes the batch's gradient, given that of the prediction, {@code [B, D]}. */
  void backward(INDArray dPrediction) {
    each(shard -> shard.network().backward(shard.rows(dPrediction)));
    if (shards.size() > 1) {
      lanes.run(this::sum);
    }
  }

  private void each(Consumer<Shard> work) {
    lanes.run(
        lane -> {
          if (lane < shards.size()) {
            work.accept(shards.get(lane));
          }
        });
  }

  /** A lane's part of the sum over all shards. */
  private void sum(int lane) {
    long from = gradient.length() * lane / lanes.count();
    long to = gradient.length() * (lane + 1) / lanes.count();
    INDArray total = Windows.elements(gradient.reshape(gradient.length()), from, to);
    for (Shard shard : shards.subList(1, shards.size())) {
      total.addi(Windows.elements(shard.gradient().reshape(gradient.length()), from, to));
    }
  }
}
