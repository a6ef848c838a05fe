/** Predictions and evaluation over partitions of Parquet, published whole. */
package prior.infer.spark;
