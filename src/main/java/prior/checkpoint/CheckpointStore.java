package prior.checkpoint;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import prior.data.DataFaults;
import prior.fault.ExitStatus;
import prior.fault.UserFault;

/**
 * The checkpoints of one run: {@code RUN/checkpoints/NAME/} with tensors, settings, progress and a
 * manifest of lengths and SHA-256, {@code RUN/LATEST}, which holds the published name, and {@code
 * RUN/BEST}, which may hold another.
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

  private static final int LEAST_KEPT = 2;

  private final RunFolder folders;
  private final int kept;

  /** One that keeps the latest checkpoint and the one before. */
  public CheckpointStore(Location run) {
    this(run, LEAST_KEPT);
  }

  /**
   * @param kept checkpoints that stay, the best one aside, at least 2
   */
  public CheckpointStore(Location run, int kept) {
    this.folders = new RunFolder(run);
    this.kept = kept;
  }

  /**
   * Makes this the run's latest checkpoint and removes older ones than are kept.
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

  /** Names a published checkpoint as the best, which stays until another is; none for no best. */
  public void best(Optional<String> name) {
    try {
      if (name.isPresent()) {
        folders.bestPointer().write(name.get());
      } else {
        folders.bestPointer().delete();
      }
    } catch (IOException e) {
      throw DataFaults.storage("write", "the pointer to the best checkpoint", e);
    }
  }

  /** The name of the best checkpoint, where one is named. */
  public Optional<String> best() {
    return folders.bestPointer().read();
  }

  /** Whether there is a checkpoint of this name, whole by its lengths. */
  public boolean has(String name) {
    return usable(name);
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
   * @param runOrCheckpoint a run, of which the best checkpoint is taken, the latest where none is
   *     named so, or a checkpoint's folder
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

  /**
   * All but the tensors, of a run's best checkpoint, the latest where none is named so, or of a
   * checkpoint's folder.
   */
  public static Description describe(Location runOrCheckpoint) {
    return take(runOrCheckpoint, CheckpointFolder::describe);
  }

  private static <T> T take(Location path, Function<CheckpointFolder, T> part) {
    if (isCheckpoint(path)) {
      return part.apply(CheckpointFolder.open(path));
    }
    return new RunFolder(path)
        .bestOrFirst(part)
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

  /** Keeps the newest, the best and, of the others, the furthest usable; a failure only warns. */
  private void removeOlderThan(String newest) {
    try {
      Set<String> stay = new HashSet<>(Set.of(newest));
      folders.othersThan(newest).stream().filter(this::usable).limit(kept - 1L).forEach(stay::add);
      best().ifPresent(stay::add);
      for (Location child : folders.children()) {
        if (!stay.contains(child.name())) {
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
