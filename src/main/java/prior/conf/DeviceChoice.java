package prior.conf;

/** What a worker trains on. */
public enum DeviceChoice {
  /** A GPU where the task was given one that can be used, else the processor, which is said. */
  AUTO,
  /** The processor. */
  CPU,
  /** A GPU; a worker without one ends the run. */
  GPU
}
