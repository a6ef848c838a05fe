/** Training rounds on Spark executors: one task a worker, averaging through a shuffle. */
package prior.train.spark;
