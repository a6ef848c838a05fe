package prior.train.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prior.train.TrainingState;
import prior.train.Validation;

/** The run's {@code test.json}: how good its best checkpoint is on pairs nothing was decided by. */
final class FinalTest {
  private static final Logger LOG = LoggerFactory.getLogger(FinalTest.class);

  private FinalTest() {}

  /** The file's content. */
  static Map<String, Object> of(String checkpoint, Validator validator, TrainingState weights) {
    Validation measured = validator.measure(weights.parameters(), weights.ema());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("checkpoint", checkpoint);
    json.put("pairs", measured.pairs());
    json.putAll(ValidationJson.measured(measured));
    LOG.info("test checkpoint={} {}", checkpoint, measured.line());
    return json;
  }
}
