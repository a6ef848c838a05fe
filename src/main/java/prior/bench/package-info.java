/** Measures steps of training and sampling as a worker does them, without a Spark cluster. */
package prior.bench;
