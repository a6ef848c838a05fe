package prior.train.spark;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import prior.model.TrainableNetwork.Part;
import prior.train.Floats;
import prior.train.StateShape.Slice;
import prior.train.TrainingState;

/** A state that is put together from the means of its chunks, in whatever order they come. */
final class NextState {
  private final TrainingState before;
  private final List<Slice> slices;
  private final Map<Part, float[]> parts = new EnumMap<>(Part.class);

  NextState(TrainingState before) {
    this.before = before;
    this.slices = before.shape().slices(Chunks.SIZE);
  }

  void put(Share mean) {
    Slice slice = slices.get(mean.chunk());
    float[] part =
        parts.computeIfAbsent(slice.part(), which -> new float[before.part(which).length]);
    Floats numbers = mean.numbers();
    System.arraycopy(numbers.array(), numbers.from(), part, slice.from(), numbers.count());
  }

  /** The state; a part of which nothing came is the one before. */
  TrainingState at(long step) {
    return new TrainingState(part(Part.PARAMETERS), part(Part.MOMENTS), part(Part.AVERAGE), step);
  }

  private float[] part(Part part) {
    return parts.getOrDefault(part, before.part(part));
  }
}
