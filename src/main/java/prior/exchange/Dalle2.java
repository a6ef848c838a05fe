package prior.exchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import prior.checkpoint.PlainJson;
import prior.checkpoint.TensorEntry;
import prior.checkpoint.TensorFiles;
import prior.conf.ConfLoader;
import prior.conf.PriorConf;
import prior.conf.ReferenceWords;
import prior.data.DataFaults;

/** DALLE2-pytorch's layout: a state dict and the {@code prior} group of its configuration. */
final class Dalle2 {
  private static final String NETWORK = "net.";
  private static final String PRIOR = "prior";

  /** What the reference's own configuration classes say where a file says nothing. */
  private static final ConfLoader.Source DEFAULTS =
      new ConfLoader.Source(
          "DALLE2-pytorch's defaults",
          "prior { condition_on_text_encodings = true, cond_drop_prob = 0.0 }");

  private Dalle2() {}

  /** Whether tensors look like this layout's. */
  static boolean fits(List<TensorEntry> entries) {
    return entries.stream().anyMatch(entry -> entry.name().contains("causal_transformer."));
  }

  /** Understands opened tensors; a configuration that is not given is looked for beside them. */
  static ForeignModel read(TensorFiles files, Optional<JsonNode> given) {
    List<TensorEntry> entries =
        files.entries().stream().filter(entry -> !entry.name().startsWith("clip.")).toList();
    boolean whole = entries.stream().anyMatch(entry -> entry.name().startsWith(NETWORK));
    Optional<JsonNode> config =
        given.or(() -> beside(files)).map(json -> prior(json, files.file().toString()));
    List<ConfLoader.Source> settings = new ArrayList<>();
    ForeignModel shapes =
        new ForeignModel(
            Format.DALLE2, files, whole ? "" : NETWORK, entries, List.of(), List.of(), Map.of());
    Dalle2Sizes sizes = Dalle2Sizes.of(shapes.renamed(), files);
    settings.add(new ConfLoader.Source("the tensors' shapes", sizes.text()));
    config.ifPresent(json -> settings.addAll(settings(json)));
    return new ForeignModel(
        Format.DALLE2,
        files,
        shapes.prefix(),
        entries,
        settings,
        config.isPresent() ? List.of() : sizes.unknown(),
        config.map(Dalle2::facts).orElse(Map.of()));
  }

  private static Optional<JsonNode> beside(TensorFiles files) {
    String stem = files.file().name().replaceFirst("\\.safetensors(\\.index\\.json)?$", "");
    return ForeignFiles.configuration(
        files, stem + ".json", "config.json", "prior_config.json", "train_prior_config.json");
  }

  /** The group {@code prior} of a training configuration, or that group alone. */
  private static JsonNode prior(JsonNode json, String file) {
    JsonNode prior = json.has(PRIOR) ? json.get(PRIOR) : json;
    if (!prior.isObject() || !prior.path("net").isObject()) {
      throw DataFaults.unreadable(
          "the configuration of " + file, "another form", "a group prior with a group net", "none");
    }
    return prior;
  }

  private static List<ConfLoader.Source> settings(JsonNode prior) {
    ObjectNode config = PlainJson.object();
    config.set(PRIOR, prior);
    return List.of(DEFAULTS, new ConfLoader.Source("the configuration", config.toString()));
  }

  private static Map<String, String> facts(JsonNode prior) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(ForeignModel.CONFIG, prior.toString());
    JsonNode clip = prior.path("clip").path("model");
    if (clip.isTextual()) {
      facts.put(ForeignModel.CLIP, clip.textValue());
    }
    return facts;
  }

  /**
   * The configuration to export: that of the import, where it still says the same, else ours in the
   * reference's words.
   */
  static ObjectNode config(PriorConf prior, Map<String, String> facts) {
    ObjectNode config = PlainJson.object();
    String source = facts.get(ForeignModel.CONFIG);
    if (source != null) {
      JsonNode kept = PlainJson.parse("the imported configuration", source);
      if (ConfLoader.load(settings(kept), List.of()).settings().prior().equals(prior)) {
        config.set(PRIOR, kept);
        return config;
      }
    }
    config.set(PRIOR, PlainJson.object(ReferenceWords.of(prior)));
    return config;
  }
}
