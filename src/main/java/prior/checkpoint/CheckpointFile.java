package prior.checkpoint;

/** The files of a checkpoint folder that its manifest lists. */
enum CheckpointFile {
  MODEL("model.safetensors", true),
  EMA("ema.safetensors", false),
  OPTIMIZER("optimizer.safetensors", false),
  CONFIG("config.conf", true),
  PROGRESS("progress.json", true),
  FACTS("facts.json", true);

  private final String fileName;
  private final boolean required;

  CheckpointFile(String fileName, boolean required) {
    this.fileName = fileName;
    this.required = required;
  }

  String fileName() {
    return fileName;
  }

  /** Whether every checkpoint has it. */
  boolean required() {
    return required;
  }
}
