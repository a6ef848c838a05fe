package prior.train.spark;

import java.io.Serializable;

/**
 * A part of one worker's state after a round.
 *
 * @param worker the worker's number, which fixes the order of summation
 * @param examples rows it trained on in the round: its weight
 * @param values a chunk of its state, or what it measured
 */
@SuppressWarnings("ArrayRecordComponent")
public record Share(int worker, long examples, float[] values) implements Serializable {}
