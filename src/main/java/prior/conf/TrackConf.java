package prior.conf;

import java.io.Serializable;

/**
 * {@code track}: what follows a run beside its {@code metrics.jsonl}.
 *
 * @param tensorboard whether event files are written into the run folder
 */
public record TrackConf(boolean tensorboard, MlflowConf mlflow) implements Serializable {}
