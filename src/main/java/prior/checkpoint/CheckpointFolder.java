package prior.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A checkpoint on disk; every file is compared with the manifest before it is used. */
final class CheckpointFolder {
  private final FileSystem fs;
  private final Path folder;
  private final Manifest manifest;

  private CheckpointFolder(FileSystem fs, Path folder, Manifest manifest) {
    this.fs = fs;
    this.folder = folder;
    this.manifest = manifest;
  }

  /** Reads the manifest. */
  static CheckpointFolder open(FileSystem fs, Path folder) {
    Path file = new Path(folder, Manifest.FILE_NAME);
    try {
      return new CheckpointFolder(fs, folder, Manifest.parse(file, CheckedFiles.bytes(fs, file)));
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
    return CheckpointText.progress(
        path(CheckpointFile.PROGRESS.fileName()), text(CheckpointFile.PROGRESS));
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
    return CheckpointText.facts(path(CheckpointFile.FACTS.fileName()), text(CheckpointFile.FACTS));
  }

  private Optional<List<Tensor>> tensors(CheckpointFile file) {
    if (!manifest.lists(file)) {
      return Optional.empty();
    }
    check(file.fileName(), manifest.files().get(file.fileName()), CheckedFiles::check);
    try (SafetensorsReader reader = SafetensorsReader.open(fs, path(file.fileName()))) {
      return Optional.of(reader.tensors());
    }
  }

  private byte[] text(CheckpointFile file) {
    Path path = path(file.fileName());
    try {
      return CheckedFiles.bytes(fs, path, manifest.files().get(file.fileName()));
    } catch (IOException e) {
      throw CheckedFiles.fault(path, e);
    }
  }

  private void check(String name, Manifest.Entry listed, Comparison comparison) {
    try {
      comparison.compare(fs, path(name), listed);
    } catch (IOException e) {
      throw CheckedFiles.fault(path(name), e);
    }
  }

  private Path path(String name) {
    return new Path(folder, name);
  }

  private interface Comparison {
    void compare(FileSystem fs, Path file, Manifest.Entry listed) throws IOException;
  }
}
