package prior.exchange;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.nd4j.shade.jackson.databind.JsonNode;
import prior.checkpoint.Location;
import prior.checkpoint.PlainJson;
import prior.checkpoint.TensorFiles;
import prior.data.DataFaults;

/** Finds and opens the files of a model that PyTorch wrote. */
final class ForeignFiles {
  private static final String SAFETENSORS = ".safetensors";
  private static final String INDEX = ".safetensors.index.json";
  private static final List<String> STEMS =
      List.of("model", "diffusion_pytorch_model", "diffusion_pytorch_model.fp16");
  private static final List<String> PICKLES = List.of(".pth", ".pt", ".bin", ".ckpt");

  private ForeignFiles() {}

  /**
   * The tensors of a safetensors file, of an index, or of a folder that holds one or the other.
   *
   * @throws prior.fault.UserFault if there is none, or only a pickle
   */
  static TensorFiles tensors(Location input) {
    try {
      return open(input.isFolder() ? inside(input) : input);
    } catch (IOException e) {
      throw DataFaults.storage("read", input.toString(), e);
    }
  }

  private static TensorFiles open(Location file) {
    if (file.name().endsWith(INDEX)) {
      return TensorFiles.sharded(file);
    }
    Pickle.refuse(file);
    return TensorFiles.single(file);
  }

  private static Location inside(Location folder) throws IOException {
    for (String stem : STEMS) {
      for (String suffix : List.of(SAFETENSORS, INDEX)) {
        if (folder.child(stem + suffix).exists()) {
          return folder.child(stem + suffix);
        }
      }
    }
    if (folder.child("prior").isFolder()) {
      return inside(folder.child("prior")); // a whole pipeline of diffusers
    }
    List<Location> files = folder.children();
    for (String suffix : PICKLES) {
      for (Location file : files) {
        if (file.name().endsWith(suffix)) {
          Pickle.refuse(file);
        }
      }
    }
    throw DataFaults.unreadable(
        folder.toString(),
        "there are no tensors",
        String.join(" or ", STEMS) + " with " + SAFETENSORS + " or " + INDEX,
        files.stream().map(Location::name).sorted().toList());
  }

  /** The configuration beside the tensors, under the first of these names that is there. */
  static Optional<JsonNode> configuration(TensorFiles tensors, String... names) {
    try {
      for (String name : names) {
        Location file = tensors.file().sibling(name);
        if (file.exists()) {
          return Optional.of(PlainJson.read(file));
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw DataFaults.storage("read", tensors.file().toString(), e);
    }
  }
}
