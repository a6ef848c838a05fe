package prior.parity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.ConfLoader;
import prior.conf.PriorConf;
import prior.model.Dropout;
import prior.model.ParameterLayout;
import prior.model.TrainingRule;

/** One folder of golden numbers, see FORMAT.md beside them. */
final class ReferenceCase {
  private final Path folder;
  private final JsonNode json;
  private final Map<String, Tensors.T> tensors = new LinkedHashMap<>();
  private final Map<String, Tensors.T> weights;

  ReferenceCase(Path folder) {
    this.folder = folder;
    try {
      this.json = new ObjectMapper().readTree(folder.resolve("case.json").toFile());
      tensors.putAll(Tensors.read(folder.resolve("io.safetensors")));
      Path file = folder.resolve("weights.safetensors");
      this.weights = Files.exists(file) ? Tensors.read(file) : Map.of();
    } catch (IOException e) {
      throw new IllegalStateException("Cannot read " + folder, e);
    }
  }

  String name() {
    return folder.getFileName().toString();
  }

  Path folder() {
    return folder;
  }

  String family() {
    return json.path("family").asText();
  }

  JsonNode runs() {
    return json.path("runs");
  }

  JsonNode config() {
    return json.path("config");
  }

  PriorConf prior() {
    return ConfLoader.priorFromReference(config().toString());
  }

  /** The prior of a run, whose arguments count before the case's configuration. */
  PriorConf prior(JsonNode run) {
    ObjectNode config = config().deepCopy();
    ObjectNode prior = config.withObject("/prior");
    run.path("args")
        .fields()
        .forEachRemaining(
            argument -> {
              if (prior.has(argument.getKey()) && !argument.getKey().equals("timesteps")) {
                prior.set(argument.getKey(), argument.getValue());
              }
            });
    return ConfLoader.priorFromReference(config.toString());
  }

  /** Dropout is inactive in every case. */
  TrainingRule trainingRule(JsonNode run) {
    return new TrainingRule(Dropout.NONE, TrainingRule.of(prior(run), 0).clampLength());
  }

  double tolerance(String group) {
    JsonNode tolerance = json.path("tolerance").path(group);
    if (tolerance.isMissingNode()) {
      throw new IllegalStateException(name() + " has no tolerance for " + group);
    }
    return tolerance.asDouble();
  }

  boolean has(String tensor) {
    return tensors.containsKey(tensor);
  }

  Tensors.T tensor(String name) {
    Tensors.T tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException(this.name() + " has no tensor " + name);
    }
    return tensor;
  }

  INDArray array(String name) {
    Tensors.T tensor = tensor(name);
    return Nd4j.createFromArray(tensor.floats()).reshape('c', tensor.shape());
  }

  /** The flat parameter vector. */
  float[] flat(ParameterLayout layout) {
    return layout.pack(parameter -> weights.get(parameter.name()).floats());
  }

  /** The flat parameter vector, {@code [1, P]}. */
  INDArray parameters(ParameterLayout layout) {
    float[] flat = flat(layout);
    return Nd4j.createFromArray(flat).reshape('c', 1, flat.length);
  }
}
