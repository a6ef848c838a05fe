package prior.bench;

/** What a case repeats and times. */
interface Workload {

  /** Does the timed work once. */
  void run();

  /** Rows one run gets done: pairs, samples, or rows of a matrix. */
  long rows();

  /** What else one run gets done, under the name its rate is printed as. */
  Amount amount();

  /**
   * An amount of work for each run.
   *
   * @param rate name of the amount per second
   */
  record Amount(String rate, double perRun) {}
}
