package prior.conf;

import java.io.Serializable;

/** All configuration; each part goes only to who needs it. */
public record Settings(
    PriorConf prior,
    DataConf data,
    TrainConf train,
    ClusterConf spark,
    InferConf infer,
    EvalConf eval,
    PrepareConf prepare)
    implements Serializable {}
