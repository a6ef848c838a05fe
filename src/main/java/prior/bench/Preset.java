package prior.bench;

import java.util.ArrayList;
import java.util.List;
import prior.conf.ConfLoader;
import prior.conf.Settings;

/** The sizes measured; all with 77 text rows, feed-forward 4 wide, 1000 timesteps, no dropout. */
enum Preset {
  S(256, 4, 8, 32, 32),
  M(512, 6, 8, 64, 32),
  L(768, 12, 12, 64, 8);

  private final int dim;
  private final int depth;
  private final int heads;
  private final int dimHead;
  private final int batch;

  Preset(int dim, int depth, int heads, int dimHead, int batch) {
    this.dim = dim;
    this.depth = depth;
    this.heads = heads;
    this.dimHead = dimHead;
    this.batch = batch;
  }

  /**
   * The settings of a case.
   *
   * @param pooled without text encodings
   * @param sets settings over the preset's
   */
  Settings settings(boolean pooled, List<String> sets) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "prior.net.dim=" + dim,
                "prior.net.depth=" + depth,
                "prior.net.heads=" + heads,
                "prior.net.dim_head=" + dimHead,
                "prior.net.max_text_len=77",
                "prior.condition_on_text_encodings=" + !pooled,
                "data.columns.text_encodings=text_encodings",
                "data.batch_size=" + batch));
    all.addAll(sets);
    return ConfLoader.load(List.of(), all).settings();
  }
}
