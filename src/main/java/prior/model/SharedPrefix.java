package prior.model;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import prior.model.Transformer.Readout;

/**
 * The learned text rows in training without text encodings: the same for every row of every shard,
 * so one row of them is computed for the whole batch, and its gradient is the sum over all rows
 * that looked at it. The first lane computes it while the others follow layer by layer, forward and
 * backward.
 */
final class SharedPrefix {
  private final Pass pass;
  private final int tokens;
  private final int after;
  private final int depth;
  private final INDArray gradient;
  private final Program forward = new Program();
  private final Program backward = new Program();
  private final Milestone keys = new Milestone();
  private final List<Milestone> readers = new ArrayList<>();

  /**
   * @param shards how many networks will look at it
   */
  SharedPrefix(Dalle2Shape shape, INDArray values, int shards) {
    Buffers buffers = new Buffers(values.dataType(), Buffers.Purpose.TRAINING);
    this.gradient = values.like();
    this.tokens = shape.maxTextLen();
    this.after = shape.tokens() - tokens;
    this.depth = shape.depth();
    Weights weights = new Weights(ParameterLayout.of(shape), values, gradient);
    DropoutMasks none = new DropoutMasks(buffers, Dropout.NONE);
    Span span = Span.textRows(shape, 1);
    this.pass = new Pass(buffers, weights, shape, none, span, List.of(), Readout.KEYS);
    for (int i = 0; i < shards; i++) {
      readers.add(new Milestone());
    }
  }

  /** Whether a network can be trained with it: dropout makes every row's text differ. */
  static boolean fits(Dalle2Shape shape, TrainingRule rule) {
    return !shape.textEncodings() && !rule.dropout().drops();
  }

  /** Records its own passes, after all readers have been made. */
  void record() {
    pass.prepare(forward);
    pass.forward(
        forward,
        new LayerHooks() {
          @Override
          public void afterKeys(Program program, int layer) {
            program.onHost(() -> keys.reach(layer + 1));
          }
        });
    pass.backward(
        backward,
        null,
        new LayerHooks() {
          @Override
          public void beforeBackward(Program program, int layer) {
            program.onHost(() -> readers.forEach(reader -> reader.await(depth - layer)));
          }
        });
  }

  /** What a shard's network records around its layers. */
  LayerHooks reader(int shard) {
    Milestone own = readers.get(shard);
    return new LayerHooks() {
      @Override
      public void afterKeys(Program program, int layer) {
        program.onHost(() -> keys.await(layer + 1));
      }

      @Override
      public void afterBackward(Program program, int layer) {
        program.onHost(() -> own.reach(depth - layer));
      }
    };
  }

  Pass pass() {
    return pass;
  }

  /** Its part of the batch's gradient; zero for parameters it does not use. */
  INDArray gradient() {
    return gradient;
  }

  /** Rows after the prefix that cost as much as the prefix. */
  int equivalentRows() {
    return tokens / after;
  }

  /** Before the lanes start a pass. */
  void restart() {
    keys.restart();
    readers.forEach(Milestone::restart);
  }

  /** Lets go of lanes that wait, where one failed. */
  void abandon() {
    keys.abandon();
    readers.forEach(Milestone::abandon);
  }

  void forward() {
    forward.run();
  }

  void backward() {
    backward.run();
  }
}
