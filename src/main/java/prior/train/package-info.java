/**
 * One worker's training: noising, the optimizer's state, the moving average, the plan of batches.
 */
package prior.train;
