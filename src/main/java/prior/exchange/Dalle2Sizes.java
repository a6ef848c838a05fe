package prior.exchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import prior.checkpoint.StateDict;
import prior.checkpoint.TensorEntry;
import prior.checkpoint.TensorFiles;
import prior.conf.BetaSchedule;
import prior.diffusion.NoiseSchedule;

/** What the tensors of a DALLE2-pytorch prior say of its configuration: sizes, not intentions. */
final class Dalle2Sizes {
  private static final String TRANSFORMER = "net.causal_transformer.";
  private static final String BETAS = StateDict.NOISE_TABLES + "betas";
  private static final long MOST_TIMESTEPS = 1_000_000;

  /** What no shape tells. */
  private static final List<String> INTENTIONS =
      List.of("prior.objective", "prior.condition_on_text_encodings", "prior.net.self_cond");

  private final Map<String, TensorEntry> tensors = new LinkedHashMap<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<String> unknown = new ArrayList<>(INTENTIONS);

  private Dalle2Sizes(List<TensorEntry> entries) {
    entries.forEach(entry -> tensors.put(entry.name(), entry));
  }

  /**
   * Reads the shapes, and the table of betas to tell its schedule.
   *
   * @param entries under the reference's whole names
   */
  static Dalle2Sizes of(List<TensorEntry> entries, TensorFiles files) {
    Dalle2Sizes sizes = new Dalle2Sizes(entries);
    sizes.readTokens();
    sizes.readTransformer();
    sizes.readSchedule(files);
    return sizes;
  }

  /** Keys and values, as text of a configuration. */
  String text() {
    StringBuilder text = new StringBuilder();
    settings.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
    return text.toString();
  }

  /** Keys that no tensor tells. */
  List<String> unknown() {
    return unknown;
  }

  private void readTokens() {
    long dim = axis("net.learned_query", 0);
    put("net.dim", dim);
    put("net.max_text_len", axis("net.null_text_encodings", 1));
    put("net.num_text_embeds", axis("net.null_text_embeds", 1));
    boolean table = tensors.containsKey("net.to_time_embeds.0.weight");
    long time =
        table
            ? axis("net.to_time_embeds.0.weight", 1)
            : axis("net.to_time_embeds.0.1.net.2.weight", 0);
    settings.put(
        "prior.net.num_timesteps",
        table ? Long.toString(axis("net.to_time_embeds.0.weight", 0)) : "null");
    put("net.num_time_embeds", share(time, dim));
    long image = axis("net.to_image_embeds.0.weight", 0);
    put("net.num_image_embeds", image < 0 ? 1 : share(image, dim));
  }

  private void readTransformer() {
    int depth = 0;
    while (has("layers." + depth + ".0.to_q.weight")) {
      depth++;
    }
    put("net.depth", depth == 0 ? -1 : depth);
    put("net.dim_head", axis(TRANSFORMER + "layers.0.0.null_kv", 1));
    put("net.heads", axis(TRANSFORMER + "rel_pos_bias.relative_attention_bias.weight", 1));
    long hidden = axis(TRANSFORMER + "layers.0.1.1.weight", 0);
    put("net.ff_mult", share(hidden, 2 * axis("net.learned_query", 0)));
    settings.put("prior.net.norm_in", "" + has("init_norm.g"));
    settings.put("prior.net.norm_out", "" + has("norm.g"));
    settings.put("prior.net.final_proj", "" + has("project_out.weight"));
    settings.put("prior.net.normformer", "" + has("layers.0.1.3.g"));
    settings.put("prior.net.rotary_emb", "" + has("layers.0.0.rotary_emb.freqs"));
  }

  private void readSchedule(TensorFiles files) {
    long timesteps = axis(BETAS, 0);
    put("timesteps", timesteps);
    Optional<BetaSchedule> schedule = Optional.empty();
    if (timesteps > 0 && timesteps <= MOST_TIMESTEPS && tensors.get(BETAS).type().real()) {
      float[] betas = files.tensor(BETAS).values();
      for (BetaSchedule candidate : BetaSchedule.values()) {
        schedule = schedule.isEmpty() && is(candidate, betas) ? Optional.of(candidate) : schedule;
      }
    }
    schedule.ifPresentOrElse(
        found -> settings.put("prior.beta_schedule", found.name()),
        () -> unknown.add("prior.beta_schedule"));
  }

  /** Whether betas are those of a schedule, up to what fp16 and bf16 keep of them. */
  static boolean is(BetaSchedule schedule, float[] betas) {
    float[] expected;
    try {
      expected = NoiseSchedule.of(schedule, betas.length).table("betas");
    } catch (IllegalArgumentException e) {
      return false; // too few timesteps for this schedule
    }
    for (int t = 0; t < betas.length; t++) {
      if (!(Math.abs(betas[t] - expected[t]) <= 0.01f * expected[t] + 1e-6f)) {
        return false;
      }
    }
    return true;
  }

  private boolean has(String name) {
    return tensors.containsKey(TRANSFORMER + name);
  }

  /** Length of a tensor's axis; -1 where there is none. */
  private long axis(String name, int axis) {
    TensorEntry entry = tensors.get(name);
    return entry == null || entry.shape().size() <= axis ? -1 : entry.shape().get(axis);
  }

  private static long share(long whole, long part) {
    return whole > 0 && part > 0 && whole % part == 0 ? whole / part : -1;
  }

  private void put(String key, long value) {
    if (value > 0) {
      settings.put("prior." + key, Long.toString(value));
    } else {
      unknown.add("prior." + key);
    }
  }
}
