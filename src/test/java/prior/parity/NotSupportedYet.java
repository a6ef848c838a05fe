package prior.parity;

/** A run of a case that asks for something the product cannot do yet. */
final class NotSupportedYet extends RuntimeException {
  private static final long serialVersionUID = 1;

  NotSupportedYet(String what) {
    super(what);
  }
}
