package prior.model;

import java.io.Serializable;

/**
 * Decoupled weight decay: {@code p *= 1 - lr * rate} before each update (Loshchilov and Hutter
 * 2019).
 *
 * @param everyParameter false to spare parameters with fewer than two axes, as the reference does
 */
public record WeightDecayRule(double rate, boolean everyParameter) implements Serializable {

  /** Whether a parameter decays. */
  boolean decays(Parameter parameter) {
    return rate > 0 && (everyParameter ? parameter.trains() : parameter.decays());
  }
}
