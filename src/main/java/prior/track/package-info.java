/** What follows a run beside its metrics.jsonl: TensorBoard's event files, an MLflow server. */
package prior.track;
