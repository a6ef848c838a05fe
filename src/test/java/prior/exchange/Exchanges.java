package prior.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Location;
import prior.checkpoint.Precision;
import prior.checkpoint.SafetensorsWriter;
import prior.checkpoint.Tensor;
import prior.checkpoint.TensorEntry;
import prior.checkpoint.TensorFiles;
import prior.conf.ConfLoader;
import prior.conf.PriorConf;

/** Models of the reference cases, laid out as PyTorch's libraries do. */
public final class Exchanges {
  static final Path REFERENCE = Path.of("src/test/resources/reference");
  private static final ObjectMapper JSON = new ObjectMapper();

  private Exchanges() {}

  static List<Path> cases(String prefix) {
    try (Stream<Path> cases = Files.list(REFERENCE)) {
      return cases
          .filter(folder -> folder.getFileName().toString().startsWith(prefix))
          .filter(folder -> Files.exists(folder.resolve("weights.safetensors")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode config(Path golden) {
    return json(golden.resolve("case.json")).path("config");
  }

  static JsonNode json(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code model.safetensors} and {@code config.json} of DALLE2-pytorch. */
  public static Path dalle2(Path golden, Path folder) {
    ObjectNode config = JSON.createObjectNode();
    config.set("prior", config(golden).path("prior"));
    write(folder.resolve("config.json"), config);
    return copied(golden, folder.resolve("model.safetensors")).getParent();
  }

  /** A pipeline of diffusers with the folders {@code prior} and {@code scheduler}. */
  public static Path diffusers(Path golden, Path pipeline) {
    ObjectNode model = config(golden).path("prior").deepCopy();
    model.put("_class_name", "PriorTransformer").put("_diffusers_version", "0.30.0");
    write(pipeline.resolve("prior/config.json"), model);
    ObjectNode scheduler = config(golden).path("scheduler").deepCopy();
    scheduler.put("_class_name", "UnCLIPScheduler");
    write(pipeline.resolve("scheduler/scheduler_config.json"), scheduler);
    return copied(golden, pipeline.resolve("prior/diffusion_pytorch_model.safetensors"))
        .getParent();
  }

  private static Path copied(Path golden, Path file) {
    try {
      Files.createDirectories(file.getParent());
      return Files.copy(golden.resolve("weights.safetensors"), file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, JsonNode json) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, json.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, List<Tensor> tensors, Precision precision) throws IOException {
    Location.of(file.toString())
        .write(out -> SafetensorsWriter.write(out, tensors, Map.of(), tensor -> precision));
  }

  /** Imports into a new folder and returns it. */
  public static Path imported(Format format, Path input, Path output, String... sets) {
    ModelImport.run(
        new ModelImport.Request(
            format,
            Location.of(input.toString()),
            Location.of(output.toString()),
            Optional.empty(),
            List.of(sets),
            Optional.of("ViT-L/14")));
    return output;
  }

  static Path exported(Format format, Path model, Precision precision, Path output) {
    ModelExport.run(
        new ModelExport.Request(
            format,
            Location.of(model.toString()),
            Optional.empty(),
            precision,
            Location.of(output.toString())));
    return output;
  }

  /** Each tensor's type, shape and bytes by its name. */
  static Map<String, String> bytes(Path file) {
    Map<String, String> bytes = new TreeMap<>();
    try (TensorFiles files = TensorFiles.single(Location.of(file.toString()))) {
      byte[] all = Files.readAllBytes(file);
      int data = 8 + ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getInt();
      for (TensorEntry entry : files.entries()) {
        int begin = data + (int) entry.begin();
        int end = data + (int) entry.end();
        byte[] own = Arrays.copyOfRange(all, begin, end);
        bytes.put(
            entry.name(), entry.type() + " " + entry.shape() + " " + HexFormat.of().formatHex(own));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }

  static List<Tensor> tensors(Path file) {
    try (TensorFiles files = TensorFiles.single(Location.of(file.toString()))) {
      return files.entries().stream().map(entry -> files.tensor(entry.name())).toList();
    }
  }

  /** The prior group of a checkpoint. */
  static PriorConf settings(Path checkpoint) {
    String config = CheckpointStore.describe(Location.of(checkpoint.toString())).config();
    return ConfLoader.load(List.of(new ConfLoader.Source("config", config)), List.of())
        .settings()
        .prior();
  }
}
