package prior.model;

/**
 * What the layers share about positions.
 *
 * @param bias the relative position bias with the causal mask
 * @param rotary the rotation of queries and keys; without rotary positions it turns by nothing
 */
record Positions(PositionBias bias, Rotary rotary) {

  Rotary.Turns turns(int from, int to, int heads) {
    return rotary.turns(from, to, heads);
  }
}
