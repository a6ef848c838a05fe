package prior.conf;

/** What an attribute's values are. */
public enum AttributeKind {
  /** A number, standardised with the training data's mean and deviation. */
  NUMBER,
  /** One of a list of texts or whole numbers, or none of them. */
  CATEGORY,
  /** A vector of a fixed width. */
  VECTOR
}
