package prior.conf;

/** How predicted embeddings lie in their column. */
public enum VectorFormat {
  /** An array of floats. */
  ARRAY,
  /** Binary, little-endian, 2 bytes a number. */
  FP16,
  /** Binary, little-endian, 4 bytes a number. */
  FP32
}
