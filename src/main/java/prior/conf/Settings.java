package prior.conf;

import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All configuration; each part goes only to who needs it. */
public record Settings(
    PriorConf prior,
    DataConf data,
    TrainConf train,
    ClusterConf spark,
    InferConf infer,
    EvalConf eval,
    PrepareConf prepare,
    ValidationConf validation,
    TrackConf track)
    implements Serializable {

  public Settings {
    Check check = new Check();
    Map<String, AttributeConf> known = new TreeMap<>();
    prior.attributes().forEach(attribute -> known.put(attribute.name(), attribute));
    infer
        .attributes()
        .forEach(
            (name, value) ->
                check
                    .that(
                        known.containsKey(name), unknown("infer.attributes.", name, known.keySet()))
                    .that(
                        value == null || !known.containsKey(name) || known.get(name).accepts(value),
                        "infer.attributes."
                            + name
                            + " must be "
                            + (known.containsKey(name) ? known.get(name).expected() : "")
                            + " but was "
                            + value));
    Set<String> scaled = new TreeSet<>(known.keySet());
    scaled.add(AttributeConf.TEXT);
    scaled.add("");
    for (String name : infer.condScale().keySet()) {
      check.that(scaled.contains(name), unknown("infer.cond_scale.", name, scaled));
    }
    long pairs = (long) data.batchSize() * train.accumulateSteps();
    check.that(
        pairs <= Integer.MAX_VALUE,
        "data.batch_size times train.accumulate_steps must be below 2^31 but was " + pairs);
    check.done();
  }

  /** Pairs of one worker's optimizer step. */
  public int pairsOfStep() {
    return data.batchSize() * train.accumulateSteps();
  }

  private static String unknown(String group, String name, Set<String> known) {
    return group
        + name
        + " is not an attribute of prior.net.attributes"
        + NearestNames.hint(NearestNames.of(name, known));
  }
}
