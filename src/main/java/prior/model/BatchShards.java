package prior.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The network over a batch cut into one shard of pairs for each lane, each with buffers and a
 * gradient vector of its own. With dropout a shard draws its own masks, so that training then
 * depends on the number of lanes.
 */
final class BatchShards {
  private final Lanes lanes;
  private final Size size;
  private final SharedPrefix prefix;
  private final List<BatchShard> shards = new ArrayList<>();
  private final INDArray prediction;
  private final INDArray gradient;
  private final List<INDArray> partGradients = new ArrayList<>();

  /** Pairs of a batch and noise draws of each. */
  record Size(int pairs, int draws) {

    /** The size of a batch of features, as {@link PriorVertex} is given them. */
    static Size of(INDArray[] features) {
      long pairs = features[2].size(0);
      return new Size((int) pairs, (int) (features[0].size(0) / pairs));
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
      Size size,
      Lanes lanes) {
    this.lanes = lanes;
    this.size = size;
    this.gradient = gradient;
    this.prediction =
        Nd4j.create(parameters.dataType(), (long) size.pairs() * size.draws(), shape.outputDim());
    int count = Math.min(lanes.count(), size.pairs());
    this.prefix = prefix(shape, rule, parameters, count);
    int ahead = prefix == null ? 0 : prefix.equivalentRows() / size.draws();
    for (int i = 0; i < count; i++) {
      INDArray own = i == 0 ? gradient : gradient.like();
      Weights weights = new Weights(ParameterLayout.of(shape), parameters, own);
      BatchShard.Part part =
          new BatchShard.Part(bound(i, count, ahead), bound(i + 1, count, ahead), size.draws());
      BatchShard shard = new BatchShard(shape, rule, weights, part, prefix, i);
      shards.add(shard);
      if (i > 0) {
        partGradients.add(own);
      }
      partGradients.addAll(shard.moreGradients());
    }
    if (prefix != null) {
      prefix.record();
      partGradients.add(prefix.gradient());
    }
  }

  /** The first pair of a shard: all are equal, except that the first has other work worth some. */
  private int bound(int shard, int count, int ahead) {
    int even = (int) ((long) (size.pairs() + ahead) * shard / count) - ahead;
    return shard == 0 ? 0 : Math.max(shard, even);
  }

  private static SharedPrefix prefix(
      NetworkShape shape, TrainingRule rule, INDArray parameters, int shards) {
    return shape instanceof Dalle2Shape dalle2 && SharedPrefix.fits(dalle2, rule)
        ? new SharedPrefix(dalle2, parameters, shards)
        : null;
  }

  /** What a batch must be for these shards. */
  Size size() {
    return size;
  }

  /**
   * The prediction {@code [B * draws, D]} as training sees it.
   *
   * @param features of the whole batch, as {@link PriorVertex} is given them
   * @param batchName names the dropout masks
   */
  INDArray forward(INDArray[] features, long batchName) {
    each(
        lane -> {
          if (prefix != null && lane == 0) {
            prefix.forward();
          }
          shards.get(lane).forward(features, batchName, prediction);
        });
    return prediction;
  }

  /** Writes the batch's gradient, given that of the prediction, {@code [B * draws, D]}. */
  void backward(INDArray dPrediction) {
    each(
        lane -> {
          shards.get(lane).backward(dPrediction);
          if (prefix != null && lane == 0) {
            prefix.backward();
          }
        });
    if (!partGradients.isEmpty()) {
      lanes.run(this::sum);
    }
  }

  private void each(IntConsumer work) {
    if (prefix != null) {
      prefix.restart();
    }
    lanes.run(
        lane -> {
          if (lane < shards.size()) {
            attempt(work, lane);
          }
        });
  }

  private void attempt(IntConsumer work, int lane) {
    try {
      work.accept(lane);
    } catch (RuntimeException | Error e) {
      if (prefix != null) {
        prefix.abandon();
      }
      throw e;
    }
  }

  /** A lane's part of the sum over all gradients. */
  private void sum(int lane) {
    long from = gradient.length() * lane / lanes.count();
    long to = gradient.length() * (lane + 1) / lanes.count();
    if (gradient.dataType() == DataType.FLOAT && HostVector.reaches()) {
      List<HostVector> parts = partGradients.stream().map(HostVector::new).toList();
      new HostVector(gradient).addAll(parts, Math.toIntExact(from), Math.toIntExact(to));
      return;
    }
    INDArray total = Windows.elements(gradient.reshape(gradient.length()), from, to);
    for (INDArray part : partGradients) {
      total.addi(Windows.elements(part.reshape(part.length()), from, to));
    }
  }
}
