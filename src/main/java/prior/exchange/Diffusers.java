package prior.exchange;

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
import prior.conf.RecordWords;
import prior.conf.UnclipConf;
import prior.data.DataFaults;
import prior.fault.UserFault;

/** The layout of diffusers' {@code PriorTransformer}, with its scheduler where there is one. */
final class Diffusers {
  private static final String CLASS = "_class_name";
  private static final String MODEL_CLASS = "PriorTransformer";
  private static final String SCHEDULER_CLASS = "UnCLIPScheduler";

  private Diffusers() {}

  /** Whether tensors look like this layout's. */
  static boolean fits(List<TensorEntry> entries) {
    return entries.stream().anyMatch(entry -> entry.name().startsWith("transformer_blocks."));
  }

  /** Understands opened tensors; a configuration that is not given must lie beside them. */
  static ForeignModel read(TensorFiles files, Optional<JsonNode> given) {
    String name = files.file().toString();
    JsonNode config =
        given
            .or(() -> ForeignFiles.configuration(files, "config.json"))
            .orElseThrow(
                () ->
                    DataFaults.unreadable(
                        name, "its configuration is missing", "config.json beside it", "none"));
    Optional<JsonNode> scheduler =
        ForeignFiles.configuration(
            files, "../scheduler/scheduler_config.json", "scheduler_config.json");
    checkClass(name, config, MODEL_CLASS);
    scheduler.ifPresent(json -> checkClass(name, json, SCHEDULER_CLASS));
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(ForeignModel.CONFIG, config.toString());
    scheduler.ifPresent(json -> facts.put(ForeignModel.SCHEDULER, json.toString()));
    return new ForeignModel(
        Format.DIFFUSERS, files, "", files.entries(), settings(facts), List.of(), facts);
  }

  private static void checkClass(String file, JsonNode config, String expected) {
    String found = config.path(CLASS).asText(expected);
    if (!found.equals(expected)) {
      throw DataFaults.unreadable(
          "the configuration of " + file, "another " + CLASS, expected, found);
    }
  }

  /** What diffusers' own classes say where a file says nothing, and the files over it. */
  private static List<ConfLoader.Source> settings(Map<String, String> facts) {
    String scheduler = facts.get(ForeignModel.SCHEDULER);
    String steps =
        scheduler == null ? "" : ", scheduler { clip_sample_range = 1, prediction_type = epsilon }";
    return List.of(
        new ConfLoader.Source(
            "diffusers' defaults", "prior.unclip { embedding_dim = 768" + steps + " }"),
        ConfLoader.diffusers(facts.get(ForeignModel.CONFIG), scheduler));
  }

  /** The files of settings to export, by name. */
  static Map<String, ObjectNode> configs(PriorConf prior, Map<String, String> facts) {
    Map<String, ObjectNode> configs = new LinkedHashMap<>();
    if (facts.containsKey(ForeignModel.CONFIG)
        && ConfLoader.load(settings(facts), List.of()).settings().prior().equals(prior)) {
      configs.put("config.json", kept(facts, ForeignModel.CONFIG));
      if (facts.containsKey(ForeignModel.SCHEDULER)) {
        configs.put("scheduler_config.json", kept(facts, ForeignModel.SCHEDULER));
      }
      return configs;
    }
    checkMask(prior.unclip());
    ObjectNode model = PlainJson.object().put(CLASS, MODEL_CLASS);
    model.setAll(PlainJson.object(RecordWords.of(prior.unclip())));
    model.remove(List.of("attention_mask", "scheduler"));
    configs.put("config.json", model);
    ObjectNode scheduler = PlainJson.object().put(CLASS, SCHEDULER_CLASS);
    scheduler.setAll(PlainJson.object(RecordWords.of(prior.unclip().scheduler())));
    configs.put("scheduler_config.json", scheduler);
    return configs;
  }

  private static ObjectNode kept(Map<String, String> facts, String name) {
    return (ObjectNode) PlainJson.parse("the imported configuration", facts.get(name));
  }

  /** diffusers masks where the caller gives a mask, and its pipelines always do. */
  private static void checkMask(UnclipConf unclip) {
    if (unclip.masked() != unclip.textTokens() > 0) {
      throw UserFault.usage(
          "Cannot export to diffusers: expected prior.unclip.attention_mask null, found "
              + unclip.attentionMask());
    }
  }
}
