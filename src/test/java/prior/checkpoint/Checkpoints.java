package prior.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checkpoints to publish in tests. */
final class Checkpoints {
  private Checkpoints() {}

  /** Round {@code round}, with numbers of its own in every file. */
  static Checkpoint of(int round) {
    return new Checkpoint(
        tensors(round),
        Optional.of(tensors(round + 0.25f)),
        Optional.of(tensors(round + 0.5f)),
        "prior.net.dim = 4 // é, round " + round + "\n",
        progress(round),
        Map.of("clip", "ViT-L/14", "scale", "2.0", "round", String.valueOf(round)));
  }

  static Checkpoint withoutOptionalParts(int round) {
    Checkpoint whole = of(round);
    return new Checkpoint(
        whole.model(),
        Optional.empty(),
        Optional.empty(),
        whole.config(),
        whole.progress(),
        Map.of());
  }

  static Progress progress(int round) {
    return new Progress(Progress.FORMAT, round, 10L * round, 1, 3, 640L * round, -5, 2);
  }

  static List<Tensor> tensors(float first) {
    return List.of(
        new Tensor("net.b.weight", new long[] {2, 3}, new float[] {first, 1, 2, 3, 4, 5}),
        new Tensor("net.a.bias", new long[] {2}, new float[] {first, -1}));
  }
}
