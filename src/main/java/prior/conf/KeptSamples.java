package prior.conf;

/** Which samples of a text are kept. */
public enum KeptSamples {
  /** The one most similar to the text. */
  BEST,
  /** Each, as a row of its own. */
  ALL
}
