package prior.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import prior.checkpoint.Checkpoint;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Location;
import prior.checkpoint.PlainJson;
import prior.checkpoint.Progress;
import prior.checkpoint.StateDict;
import prior.checkpoint.Tensor;
import prior.checkpoint.TensorEntry;
import prior.checkpoint.TensorFiles;
import prior.checkpoint.WholeFolder;
import prior.conf.ConfLoader;
import prior.conf.PriorConf;
import prior.data.DataFaults;

/** Makes a checkpoint of a model that PyTorch wrote. */
public final class ModelImport {
  private static final String BETAS = StateDict.NOISE_TABLES + "betas";

  private final Request request;
  private final ForeignModel model;
  private final ConfLoader.Loaded loaded;
  private final StateDict dict;

  /**
   * What to import.
   *
   * @param input a safetensors file, an index of several, or a folder
   * @param output the checkpoint's folder, which must not exist
   * @param config the foreign configuration; empty to look beside the tensors
   * @param sets settings of the form {@code key=value} over it
   * @param clip name of the CLIP model; empty to take it from the configuration where told
   */
  public record Request(
      Format format,
      Location input,
      Location output,
      Optional<Location> config,
      List<String> sets,
      Optional<String> clip) {}

  private ModelImport(Request request, ForeignModel model) {
    this.request = request;
    this.model = model;
    this.loaded = ConfLoader.load(model.settingsToComplete(), request.sets());
    this.dict = new StateDict(loaded.settings().prior());
  }

  /**
   * Imports.
   *
   * @return what was done, in one sentence
   * @throws prior.fault.UserFault where tensors and configuration do not make a whole model;
   *     nothing is written then
   */
  public static String run(Request request) {
    WholeFolder.refuseExisting(request.output());
    try (TensorFiles files = ForeignFiles.tensors(request.input())) {
      ForeignModel model =
          switch (request.format()) {
            case DALLE2 -> Dalle2.read(files, request.config().map(PlainJson::read));
            case DIFFUSERS -> Diffusers.read(files, request.config().map(PlainJson::read));
          };
      return new ModelImport(request, model).run();
    }
  }

  private String run() {
    TensorFit.check(request.input().toString(), expected(), model.renamed());
    List<Tensor> tensors = tensors();
    checkSchedule(tensors);
    CheckpointStore.write(
        request.output(),
        new Checkpoint(
            tensors,
            Optional.empty(),
            Optional.empty(),
            loaded.effective(),
            new Progress(Progress.FORMAT, 0, 0, 0, 0, 0, loaded.settings().train().randomSeed(), 1),
            facts()));
    int left = model.files().entries().size() - model.entries().size();
    return String.format(
        Locale.ROOT,
        "imported a %s prior of %,d parameters in %,d tensors%s%s to %s",
        model.format().toString(),
        dict.parameters(),
        tensors.size(),
        left == 0 ? "" : ", without " + left + " tensors of its CLIP",
        ignored(),
        request.output());
  }

  private String ignored() {
    return loaded.ignored().isEmpty()
        ? ""
        : ", without a meaning for " + String.join(", ", loaded.ignored());
  }

  /** A state dict of the network alone has no noise tables; they follow from the settings. */
  private Map<String, List<Long>> expected() {
    Map<String, List<Long>> expected = new LinkedHashMap<>(dict.shapes());
    if (model.entries().stream().noneMatch(e -> e.name().startsWith(StateDict.NOISE_TABLES))) {
      expected.keySet().removeIf(name -> name.startsWith(StateDict.NOISE_TABLES));
    }
    return expected;
  }

  private List<Tensor> tensors() {
    List<Tensor> tensors = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (TensorEntry entry : model.entries()) {
      Tensor tensor = model.files().tensor(entry.name());
      String name = model.prefix() + entry.name();
      tensors.add(new Tensor(name, tensor.shape(), tensor.values()));
      names.add(name);
    }
    dict.buffers().stream().filter(buffer -> !names.contains(buffer.name())).forEach(tensors::add);
    return tensors;
  }

  /** Weights trained on one schedule and sampled on another would only give bad samples. */
  private void checkSchedule(List<Tensor> tensors) {
    PriorConf prior = loaded.settings().prior();
    for (Tensor tensor : tensors) {
      if (tensor.name().equals(BETAS) && !Dalle2Sizes.is(prior.betaSchedule(), tensor.values())) {
        throw DataFaults.unreadable(
            request.input() + ", tensor " + BETAS,
            "another noise schedule",
            "that of prior.beta_schedule " + prior.betaSchedule(),
            "other numbers");
      }
    }
  }

  private Map<String, String> facts() {
    Map<String, String> facts = new HashMap<>(model.facts());
    facts.putIfAbsent(ForeignModel.CLIP, "unknown");
    request.clip().ifPresent(name -> facts.put(ForeignModel.CLIP, name));
    facts.put("image_embed_scale", Float.toString(loaded.settings().prior().scale()));
    facts.put("source_format", model.format().toString());
    return facts;
  }
}
