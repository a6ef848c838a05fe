package prior.model;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Some pairs of a batch, all draws of each, and what computes them on one lane. */
final class BatchShard {
  private final int number;
  private final Part part;
  private final Network network;
  private final SharedText text;

  /**
   * Which part of the batch.
   *
   * @param from the first pair
   * @param to the pair after the last
   * @param draws noise draws of each pair, one after another
   */
  record Part(int from, int to, int draws) {

    int pairs() {
      return to - from;
    }

    /** The part's rows of an array with one row for each pair. */
    INDArray ofPairs(INDArray all) {
      return Windows.rows(all, from, to);
    }

    /** The part's rows of an array with one row for each draw. */
    INDArray ofDraws(INDArray all) {
      return Windows.rows(all, (long) from * draws, (long) to * draws);
    }

    /** Of an array with one row for each draw, every pair's first. */
    INDArray firstDraws(INDArray all) {
      INDArray own = ofDraws(all);
      long[] shape = {pairs(), all.size(1)};
      long[] stride = {own.stride(0) * draws, own.stride(1)};
      return Nd4j.create(own.data(), shape, stride, own.offset(), 'c');
    }
  }

  /**
   * @param prefix the text rows where all pairs share them, else null
   */
  BatchShard(
      NetworkShape shape,
      TrainingRule rule,
      Weights weights,
      Part part,
      SharedPrefix prefix,
      int number) {
    this.number = number;
    this.part = part;
    int rows = part.pairs() * part.draws();
    boolean several = part.draws() > 1;
    if (several && shape instanceof Dalle2Shape dalle2) {
      this.text = new SharedText(dalle2, rule, weights.values(), part.pairs(), prefix, number);
      this.network = new PriorNetwork(dalle2, rule, weights, rows, prefix, text);
      text.record();
    } else {
      this.text = null;
      this.network =
          prefix == null
              ? Network.of(shape, rule, weights, rows)
              : new PriorNetwork((Dalle2Shape) shape, rule, weights, rows, prefix, number);
    }
  }

  /** Gradients beside the one the shard was made with. */
  List<INDArray> moreGradients() {
    return text == null ? List.of() : List.of(text.gradient());
  }

  /** Computes its rows of the prediction, {@code [B * draws, D]}. */
  void forward(INDArray[] features, long batchName, INDArray prediction) {
    Inputs into = network.inputs();
    into.noised().assign(part.ofDraws(features[0]));
    into.times().assign(part.ofDraws(features[1]));
    List<INDArray> more = fillText(text == null ? into : text.inputs(), features);
    if (into.selfCond() != null) {
      if (text != null) {
        text.forwardUndropped();
      }
      network.conditionOnSelf(part.ofDraws(more.get(0)));
    }
    INDArray keep = features[3];
    Inputs ofText = text == null ? into : text.inputs();
    ofText.keepText().assign(Windows.columns(part.firstDraws(keep), 0, 1));
    into.keepImage().assign(Windows.columns(part.ofDraws(keep), 1, 2));
    if (text != null) {
      text.forward(batchName, number);
    }
    part.ofDraws(prediction).assign(network.trainingForward(batchName, number));
  }

  /** Fills in text and attributes and returns the features after it. */
  private List<INDArray> fillText(Inputs into, INDArray[] features) {
    List<INDArray> more = new ArrayList<>(List.of(features).subList(4, features.length));
    if (into.text() == null) {
      into.textEncodings().assign(part.ofPairs(features[2]));
    } else {
      into.text().assign(part.ofPairs(features[2]));
      if (into.textEncodings() != null) {
        into.textEncodings().assign(part.ofPairs(more.remove(0)));
      }
    }
    if (into.textMask() != null) {
      into.textMask().assign(part.ofPairs(more.remove(0)));
    }
    if (into.attributes() != null) {
      into.attributes().assign(part.ofPairs(more.remove(0)));
    }
    return more;
  }

  /** Writes its gradients from that of the prediction, {@code [B * draws, D]}. */
  void backward(INDArray dPrediction) {
    network.backward(part.ofDraws(dPrediction));
    if (text != null) {
      text.backward();
    }
  }
}
