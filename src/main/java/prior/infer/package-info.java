/** Predicting image embeddings with one network, and measuring predictions. */
package prior.infer;
