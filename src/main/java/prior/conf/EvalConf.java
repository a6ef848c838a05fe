package prior.conf;

import java.io.Serializable;

/**
 * {@code eval}: how good predictions are; sampling follows {@code infer}.
 *
 * @param maxRows pairs evaluated at most, the first by the order of files and rows
 */
public record EvalConf(int maxRows) implements Serializable {

  public EvalConf {
    new Check().within("max_rows", maxRows, 2, 10_000_000).done();
  }
}
