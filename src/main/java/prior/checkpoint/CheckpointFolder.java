package prior.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A checkpoint on disk; every file is compared with the manifest before it is used. */
final class CheckpointFolder {
  private final Location folder;
  private final Manifest manifest;

  private CheckpointFolder(Location folder, Manifest manifest) {
    this.folder = folder;
    this.manifest = manifest;
  }

  /** Reads the manifest. */
  static CheckpointFolder open(Location folder) {
    Location file = folder.child(Manifest.FILE_NAME);
    try {
      return new CheckpointFolder(
          folder, Manifest.parse(file.toString(), CheckedFiles.bytes(file)));
    } catch (IOException e) {
      throw CheckedFiles.fault(file, e);
    }
  }

  Manifest manifest() {
    return manifest;
  }

  Checkpoint read() {
    return new Checkpoint(
        tensors(CheckpointFile.MODEL).orElseThrow(),
        tensors(CheckpointFile.EMA),
        tensors(CheckpointFile.OPTIMIZER),
        config(),
        progress(),
        facts());
  }

  Description describe() {
    return new Description(folder, config(), progress(), facts());
  }

  Optional<List<Tensor>> weights(Weights which) {
    return tensors(which.file());
  }

  Progress progress() {
    return CheckpointText.progress(name(CheckpointFile.PROGRESS), text(CheckpointFile.PROGRESS));
  }

  /** Reads all files and compares them with the manifest. */
  void check() {
    manifest.files().forEach((name, listed) -> check(name, listed, CheckedFiles::check));
  }

  /** Compares the lengths only. */
  void checkLengths() {
    manifest.files().forEach((name, listed) -> check(name, listed, CheckedFiles::checkLength));
  }

  private String config() {
    return new String(text(CheckpointFile.CONFIG), StandardCharsets.UTF_8);
  }

  private Map<String, String> facts() {
    return CheckpointText.facts(name(CheckpointFile.FACTS), text(CheckpointFile.FACTS));
  }

  private Optional<List<Tensor>> tensors(CheckpointFile file) {
    if (!manifest.lists(file)) {
      return Optional.empty();
    }
    check(file.fileName(), manifest.files().get(file.fileName()), CheckedFiles::check);
    try (SafetensorsReader reader = SafetensorsReader.open(folder.child(file.fileName()))) {
      return Optional.of(reader.tensors());
    }
  }

  private byte[] text(CheckpointFile file) {
    Location path = folder.child(file.fileName());
    try {
      return CheckedFiles.bytes(path, manifest.files().get(file.fileName()));
    } catch (IOException e) {
      throw CheckedFiles.fault(path, e);
    }
  }

  private void check(String name, Manifest.Entry listed, Comparison comparison) {
    try {
      comparison.compare(folder.child(name), listed);
    } catch (IOException e) {
      throw CheckedFiles.fault(folder.child(name), e);
    }
  }

  private String name(CheckpointFile file) {
    return folder.child(file.fileName()).toString();
  }

  private interface Comparison {
    void compare(Location file, Manifest.Entry listed) throws IOException;
  }
}
