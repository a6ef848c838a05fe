package prior.train.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import prior.model.TrainableNetwork.Part;
import prior.train.LocalTrainer;
import prior.train.TrainingState;

/** A state that all workers of a round begin with. */
final class SharedState implements Serializable {
  private static final long serialVersionUID = 1;

  private final boolean ema;
  private final long step;
  private final List<SharedPart> parts;

  private record SharedPart(Part part, SharedFloats numbers) implements Serializable {}

  private SharedState(boolean ema, long step, List<SharedPart> parts) {
    this.ema = ema;
    this.step = step;
    this.parts = parts;
  }

  /** Shares a state, which must stay as it is until {@link #destroy}. */
  static SharedState of(JavaSparkContext spark, TrainingState state) {
    List<SharedPart> parts =
        Arrays.stream(Part.values())
            .parallel()
            .filter(part -> state.part(part) != null)
            .map(part -> new SharedPart(part, SharedFloats.of(spark, state.part(part))))
            .toList();
    return new SharedState(state.ema() != null, state.step(), parts);
  }

  /** Brings a trainer to the state. */
  void load(LocalTrainer trainer) {
    trainer.network().begin(ema, step);
    for (SharedPart shared : parts) {
      shared
          .numbers()
          .forEach(
              (at, elements, from, count) ->
                  trainer.network().write(shared.part(), at, elements, from, count));
    }
  }

  /** Frees it everywhere. */
  void destroy() {
    parts.forEach(shared -> shared.numbers().destroy());
  }
}
