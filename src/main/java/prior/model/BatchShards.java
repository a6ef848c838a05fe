package prior.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;
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
  private final SharedPrefix prefix;
  private final List<Shard> shards = new ArrayList<>();
  private final INDArray prediction;
  private final INDArray gradient;
  private final List<INDArray> partGradients = new ArrayList<>();

  /** Some rows of the batch and the network that computes them. */
  private record Shard(int number, int from, int to, Network network) {

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
    this.prefix = prefix(shape, rule, parameters, count);
    int ahead = prefix == null ? 0 : prefix.equivalentRows();
    for (int i = 0; i < count; i++) {
      INDArray own = i == 0 ? gradient : gradient.like();
      int from = bound(i, count, ahead);
      int to = bound(i + 1, count, ahead);
      Weights weights = new Weights(ParameterLayout.of(shape), parameters, own);
      shards.add(new Shard(i, from, to, network(shape, rule, weights, to - from, i)));
      if (i > 0) {
        partGradients.add(own);
      }
    }
    if (prefix != null) {
      prefix.record();
      partGradients.add(prefix.gradient());
    }
  }

  /**
   * The first row of a shard: all are equal, except that the first has other work worth some rows.
   */
  private int bound(int shard, int count, int ahead) {
    int even = (int) ((long) (batch + ahead) * shard / count) - ahead;
    return shard == 0 ? 0 : Math.max(shard, even);
  }

  private static SharedPrefix prefix(
      NetworkShape shape, TrainingRule rule, INDArray parameters, int shards) {
    return shape instanceof Dalle2Shape dalle2 && SharedPrefix.fits(dalle2, rule)
        ? new SharedPrefix(dalle2, parameters, shards)
        : null;
  }

  private Network network(
      NetworkShape shape, TrainingRule rule, Weights weights, int rows, int shard) {
    return prefix == null
        ? Network.of(shape, rule, weights, rows)
        : new PriorNetwork((Dalle2Shape) shape, rule, weights, rows, prefix, shard);
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
          if (prefix != null && shard.number() == 0) {
            prefix.forward();
          }
          fill(shard, features);
          INDArray output = shard.network().trainingForward(batchName, shard.number());
          shard.rows(prediction).assign(output);
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
    each(
        shard -> {
          shard.network().backward(shard.rows(dPrediction));
          if (prefix != null && shard.number() == 0) {
            prefix.backward();
          }
        });
    if (!partGradients.isEmpty()) {
      lanes.run(this::sum);
    }
  }

  private void each(Consumer<Shard> work) {
    if (prefix != null) {
      prefix.restart();
    }
    lanes.run(
        lane -> {
          if (lane < shards.size()) {
            attempt(work, shards.get(lane));
          }
        });
  }

  private void attempt(Consumer<Shard> work, Shard shard) {
    try {
      work.accept(shard);
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
