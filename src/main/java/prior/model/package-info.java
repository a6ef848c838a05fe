/** The causal transformer that predicts image embeddings, as one Deeplearning4j vertex. */
package prior.model;
