package prior.exchange;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Description;
import prior.checkpoint.Location;
import prior.checkpoint.PlainJson;
import prior.checkpoint.Progress;
import prior.checkpoint.StateDict;
import prior.checkpoint.TensorEntry;
import prior.checkpoint.TensorFiles;
import prior.conf.ConfLoader;
import prior.conf.PriorConf;
import prior.conf.RecordWords;
import prior.data.DataFaults;

/** What a model is, from its headers and settings alone; no tensor but the noise table is read. */
public final class ModelDescription {
  private final Map<String, Object> facts = new LinkedHashMap<>();

  private ModelDescription() {}

  /** Describes a run, a checkpoint's folder, or a model that PyTorch wrote. */
  public static ModelDescription of(Location model) {
    ModelDescription description = new ModelDescription();
    description.facts.put("model", model.toString());
    if (isOurs(model)) {
      description.checkpoint(CheckpointStore.describe(model));
    } else {
      try (TensorFiles files = ForeignFiles.tensors(model)) {
        description.foreign(understood(files));
      }
    }
    return description;
  }

  private static boolean isOurs(Location model) {
    try {
      for (String sign : List.of("manifest.json", "LATEST", "checkpoints")) {
        if (model.child(sign).exists()) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw DataFaults.storage("read", model.toString(), e);
    }
  }

  private static ForeignModel understood(TensorFiles files) {
    List<TensorEntry> entries = files.entries();
    if (Diffusers.fits(entries)) {
      return Diffusers.read(files, Optional.empty());
    }
    if (Dalle2.fits(entries)) {
      return Dalle2.read(files, Optional.empty());
    }
    throw DataFaults.unreadable(
        files.file().toString(),
        "these are the tensors of no prior",
        "names of DALLE2-pytorch's or diffusers' prior",
        entries.size() + " others");
  }

  private void checkpoint(Description found) {
    facts.put("format", "checkpoint");
    facts.put("checkpoint", found.folder().name());
    ConfLoader.Source config = new ConfLoader.Source("the model's config", found.config());
    settings(ConfLoader.load(List.of(config), List.of()).settings().prior());
    facts.put("clip", found.facts().getOrDefault(ForeignModel.CLIP, "unknown"));
    facts.put(
        "weights",
        CheckpointStore.kept(found.folder()).stream()
            .map(which -> which.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", ")));
    try (TensorFiles files = TensorFiles.single(found.folder().child("model.safetensors"))) {
      tensors(files.entries());
    }
    Progress progress = found.progress();
    facts.put("progress", RecordWords.of(progress));
  }

  private void foreign(ForeignModel model) {
    facts.put("format", model.format().toString());
    settings(ConfLoader.load(model.settings(), List.of()).settings().prior());
    facts.put("clip", model.facts().getOrDefault(ForeignModel.CLIP, "unknown"));
    if (!model.unknown().isEmpty()) {
      facts.remove("predicts");
      facts.put("not_told", String.join(", ", model.unknown()));
    }
    tensors(model.files().entries());
  }

  private void settings(PriorConf prior) {
    facts.put("family", prior.family().name().toLowerCase(Locale.ROOT));
    facts.put("parameters", new StateDict(prior).parameters());
    facts.put("predicts", prior.predicts().name().toLowerCase(Locale.ROOT));
    facts.put("timesteps", prior.trainTimesteps());
    facts.put("image_scale", prior.imageScale().toString());
    if (!prior.imageScale().measured()) {
      facts.put("image_embed_scale", prior.scale());
    }
    facts.put(
        "sizes",
        switch (prior.family()) {
          case DALLE2 -> RecordWords.of(prior.net());
          case UNCLIP -> RecordWords.of(prior.unclip());
        });
  }

  private void tensors(List<TensorEntry> entries) {
    facts.put("tensors", entries.size());
    facts.put(
        "types",
        entries.stream()
            .collect(
                Collectors.groupingBy(
                    entry -> entry.type().name(), TreeMap::new, Collectors.counting())));
  }

  /** As JSON. */
  public String json() {
    return new String(PlainJson.bytes(PlainJson.object(facts)), StandardCharsets.UTF_8).strip();
  }

  /** As lines of names and values. */
  public String text() {
    StringBuilder text = new StringBuilder();
    lines("", facts, text);
    return text.toString().stripTrailing();
  }

  private static void lines(String indent, Map<?, ?> facts, StringBuilder text) {
    facts.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?> within) {
            text.append(indent).append(name).append('\n');
            lines(indent + "  ", within, text);
          } else {
            text.append(String.format(Locale.ROOT, "%s%-24s %s%n", indent, name, value));
          }
        });
  }
}
