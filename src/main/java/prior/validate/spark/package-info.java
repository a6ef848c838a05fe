/** Validation spread over executors. */
package prior.validate.spark;
