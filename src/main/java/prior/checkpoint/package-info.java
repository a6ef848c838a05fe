/**
 * A run's state on disk: tensors as safetensors, progress and settings as text, published whole.
 */
package prior.checkpoint;
