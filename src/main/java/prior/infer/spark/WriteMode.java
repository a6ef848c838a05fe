package prior.infer.spark;

/** What happens where the output, or an unfinished run of it, is there already. */
public enum WriteMode {
  /** An output that exists is refused; an unfinished run is begun afresh. */
  ERRORIFEXISTS,
  /** The output is replaced, once the new one is whole. */
  OVERWRITE,
  /** Files are added to the output; what is there already of the same job is not added again. */
  APPEND,
  /** An unfinished run is finished, a finished one is left alone. */
  RESUME
}
