/** Pairs in Parquet files and on Spark: planning, reading, preparing, writing. */
package prior.data.spark;
