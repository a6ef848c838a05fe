package prior.data;

/** What reading a {@link WorkUnit} gave: its pairs, or why they cannot be used. */
public sealed interface UnitContent permits PairBlock, BadShard {}
