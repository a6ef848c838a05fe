package prior.model;

/** What is recorded around the layers of a stack, for stacks that wait for each other. */
interface LayerHooks {
  /** Nothing. */
  LayerHooks NONE = new LayerHooks() {};

  /** After the layer's keys and values, before its queries look at any. */
  default void afterKeys(Program program, int layer) {}

  default void beforeBackward(Program program, int layer) {}

  default void afterBackward(Program program, int layer) {}
}
