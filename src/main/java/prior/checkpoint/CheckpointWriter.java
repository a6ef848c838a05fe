package prior.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes a checkpoint's files into a folder, the manifest last. */
final class CheckpointWriter {
  /** PyTorch's loaders look for it. */
  private static final Map<String, String> METADATA = Map.of("format", "pt");

  private final Location folder;
  private final SortedMap<String, Manifest.Entry> written = new TreeMap<>();

  CheckpointWriter(Location folder) {
    this.folder = folder;
  }

  Manifest write(Checkpoint checkpoint) throws IOException {
    tensors(CheckpointFile.MODEL, Optional.of(checkpoint.model()));
    tensors(CheckpointFile.EMA, checkpoint.ema());
    tensors(CheckpointFile.OPTIMIZER, checkpoint.optimizer());
    text(CheckpointFile.CONFIG, checkpoint.config().getBytes(StandardCharsets.UTF_8));
    text(CheckpointFile.PROGRESS, CheckpointText.of(checkpoint.progress()));
    text(CheckpointFile.FACTS, CheckpointText.of(checkpoint.facts()));
    Manifest manifest = new Manifest(written);
    byte[] listed = manifest.text();
    CheckedFiles.write(folder.child(Manifest.FILE_NAME), out -> out.write(listed));
    return manifest;
  }

  private void tensors(CheckpointFile file, Optional<List<Tensor>> tensors) throws IOException {
    if (tensors.isPresent()) {
      file(file, out -> SafetensorsWriter.write(out, tensors.get(), METADATA));
    }
  }

  private void text(CheckpointFile file, byte[] text) throws IOException {
    file(file, out -> out.write(text));
  }

  private void file(CheckpointFile file, Location.Content content) throws IOException {
    written.put(file.fileName(), CheckedFiles.write(folder.child(file.fileName()), content));
  }
}
