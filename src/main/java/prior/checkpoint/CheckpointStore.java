package prior.checkpoint;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import prior.data.DataFaults;
import prior.fault.ExitStatus;
import prior.fault.UserFault;

/**
 * The checkpoints of one run: {@code RUN/checkpoints/NAME/} with tensors, settings, progress and a
 * manifest of lengths and SHA-256, and {@code RUN/LATEST}, which holds the published name.
 *
 * <p>A checkpoint is written under another name, read back, renamed, and only then pointed to; the
 * one before stays. So a stop at any moment leaves the old one or the new one, whole. The same
 * content makes the same bytes. For one writer; readers may come at any time.
 *
 * <p>Fails with a {@link UserFault} that names the file: of data for what is damaged, of storage
 * for what the file system refuses.
 */
public final class CheckpointStore {
  private static final Logger LOG = System.getLogger(CheckpointStore.class.getName());

  private final RunFolder folders;

  public CheckpointStore(Location run) {
    this.folders = new RunFolder(run);
  }

  /**
   * Makes this the run's latest checkpoint and removes all but it and the one before.
   *
   * @param name letters, digits, '.', '_' and '-'; not that of the latest, unless its content is
   *     the same or it is damaged
   */
  public void publish(Checkpoint checkpoint, String name) {
    if (!SafeName.plain(name)) {
      throw new IllegalArgumentException("Cannot publish: no plain name, found " + name);
    }
    try {
      place(checkpoint, name);
      folders.pointer().write(name);
    } catch (IOException e) {
      throw DataFaults.storage("publish", folders.folder(name).toString(), e);
    }
    folders.foundWhole(name);
    removeOlderThan(name);
  }

  /**
   * The latest checkpoint; should it be damaged, the one before, with a warning in the log. Empty
   * if none was published yet; a fault if there are some and none is whole.
   */
  public Optional<Checkpoint> latest() {
    return folders.firstWhole(CheckpointFolder::read);
  }

  /**
   * Writes a checkpoint outside of any run; the folder appears whole or not at all.
   *
   * @throws UserFault if there is something already
   */
  public static void write(Location folder, Checkpoint checkpoint) {
    WholeFolder.write(
        folder,
        writing -> {
          new CheckpointWriter(writing).write(checkpoint);
          CheckpointFolder.open(writing).check();
        });
  }

  /** The checkpoint in a folder. */
  public Checkpoint read(Location folder) {
    return CheckpointFolder.open(folder).read();
  }

  /**
   * One set of weights, without reading the other tensors.
   *
   * @param runOrCheckpoint a run, of which the latest checkpoint is taken, or a checkpoint's folder
   */
  public static List<Tensor> weights(Location runOrCheckpoint, Weights which) {
    return take(runOrCheckpoint, folder -> folder.weights(which))
        .orElseThrow(
            () ->
                DataFaults.unreadable(
                    runOrCheckpoint.toString(),
                    "the checkpoint has no such weights",
                    which.file().fileName(),
                    "none"));
  }

  /** The moving average where a checkpoint's folder has one, else, told in the log, the online. */
  public static Weights preferred(Location checkpoint) {
    if (kept(checkpoint).contains(Weights.EMA)) {
      return Weights.EMA;
    }
    LOG.log(Level.INFO, checkpoint + " keeps no moving average: its online weights are taken");
    return Weights.ONLINE;
  }

  /** The weights that a checkpoint's folder has. */
  public static List<Weights> kept(Location checkpoint) {
    Manifest manifest = CheckpointFolder.open(checkpoint).manifest();
    return Arrays.stream(Weights.values()).filter(which -> manifest.lists(which.file())).toList();
  }

  /** What a folder holds by its latest checkpoint; empty if it holds none. */
  public Optional<Description> described() {
    return folders.firstWhole(CheckpointFolder::describe);
  }

  /** All but the tensors, of a run's latest checkpoint or of a checkpoint's folder. */
  public static Description describe(Location runOrCheckpoint) {
    return take(runOrCheckpoint, CheckpointFolder::describe);
  }

  private static <T> T take(Location path, Function<CheckpointFolder, T> part) {
    if (isCheckpoint(path)) {
      return part.apply(CheckpointFolder.open(path));
    }
    return new RunFolder(path)
        .firstWhole(part)
        .orElseThrow(
            () ->
                DataFaults.unreadable(
                    path.toString(),
                    "neither a run nor a checkpoint",
                    "LATEST or " + Manifest.FILE_NAME,
                    "none of them"));
  }

  private static boolean isCheckpoint(Location path) {
    try {
      return path.child(Manifest.FILE_NAME).exists();
    } catch (IOException e) {
      throw CheckedFiles.fault(path, e);
    }
  }

  private void place(Checkpoint checkpoint, String name) throws IOException {
    Location writing = folders.writing(name);
    writing.delete();
    Manifest written = new CheckpointWriter(writing).write(checkpoint);
    CheckpointFolder.open(writing).check();
    Location folder = folders.folder(name);
    if (folder.exists() && holds(name, written)) {
      writing.delete();
      return;
    }
    folder.delete();
    if (!writing.renameTo(folder)) {
      throw new IOException(writing.name() + " could not be renamed");
    }
    CheckpointFolder.open(folder).checkLengths();
  }

  /** Whether the same content lies there already; refuses to lose a latest one that differs. */
  private boolean holds(String name, Manifest written) {
    Manifest found;
    try {
      CheckpointFolder there = CheckpointFolder.open(folders.folder(name));
      there.check();
      found = there.manifest();
    } catch (UserFault damaged) {
      if (damaged.status() != ExitStatus.DATA) {
        throw damaged;
      }
      LOG.log(Level.WARNING, "Checkpoint " + name + " is replaced. " + damaged.getMessage());
      return false;
    }
    if (!found.equals(written) && folders.pointer().read().equals(Optional.of(name))) {
      throw UserFault.data(
          "Cannot publish "
              + folders.folder(name)
              + ": the latest checkpoint has this name and other content, expected a new name");
    }
    return found.equals(written);
  }

  /** Keeps the newest and, of the others, the furthest that is usable; a failure only warns. */
  private void removeOlderThan(String newest) {
    try {
      Optional<String> before =
          folders.othersThan(newest).stream().filter(this::usable).findFirst();
      for (Location child : folders.children()) {
        String name = child.name();
        if (!name.equals(newest) && !before.equals(Optional.of(name))) {
          child.delete();
        }
      }
    } catch (IOException | UserFault e) {
      LOG.log(Level.WARNING, "An older checkpoint could not be removed. " + e.getMessage());
    }
  }

  private boolean usable(String name) {
    try {
      CheckpointFolder.open(folders.folder(name)).checkLengths();
      return !folders.knownBroken(name);
    } catch (UserFault e) {
      return false;
    }
  }
}
