package prior.checkpoint;

/** Which weights of a checkpoint to take. */
public enum Weights {
  /** As the last optimizer step left them. */
  ONLINE(CheckpointFile.MODEL),
  /** Their moving average. */
  EMA(CheckpointFile.EMA);

  private final CheckpointFile file;

  Weights(CheckpointFile file) {
    this.file = file;
  }

  CheckpointFile file() {
    return file;
  }
}
