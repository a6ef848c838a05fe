package prior.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import prior.fault.UserFault;

/** Finds a run's checkpoints: the published one first, then the others, the furthest first. */
final class RunFolder {
  private static final Logger LOG = System.getLogger(RunFolder.class.getName());
  private static final Comparator<Progress> FURTHEST =
      Comparator.comparingLong(Progress::round).thenComparingLong(Progress::step).reversed();

  private final Location checkpoints;
  private final Pointer pointer;
  private final Pointer best;
  private final Set<String> broken = new HashSet<>();

  RunFolder(Location run) {
    this.checkpoints = run.child("checkpoints");
    this.pointer = new Pointer(run, "LATEST");
    this.best = new Pointer(run, "BEST");
  }

  Pointer pointer() {
    return pointer;
  }

  Pointer bestPointer() {
    return best;
  }

  Location folder(String name) {
    return checkpoints.child(name);
  }

  /** Where a checkpoint lies until it is whole. */
  Location writing(String name) {
    return checkpoints.child("." + name + ".writing");
  }

  /** Whether this object met the checkpoint and could not use it. */
  boolean knownBroken(String name) {
    return broken.contains(name);
  }

  void foundWhole(String name) {
    broken.remove(name);
  }

  /**
   * What {@code take} makes of the first checkpoint that it does not refuse. Empty if none was
   * published; the first refusal if all are refused.
   */
  <T> Optional<T> firstWhole(Function<CheckpointFolder, T> take) {
    List<UserFault> faults = new ArrayList<>();
    Optional<String> published = published(faults);
    boolean expected = published.isPresent() || !faults.isEmpty();
    for (String name : candidates(published)) {
      try {
        T taken = take.apply(CheckpointFolder.open(folder(name)));
        sayIfAnother(name, published);
        return Optional.of(taken);
      } catch (UserFault e) {
        broken.add(name);
        faults.add(e);
        LOG.log(Level.WARNING, "Checkpoint " + name + " is left out. " + e.getMessage());
      }
    }
    if (expected) {
      throw faults.get(0);
    }
    return Optional.empty();
  }

  /** The same of the best checkpoint, where a pointer names one; else of {@link #firstWhole}. */
  <T> Optional<T> bestOrFirst(Function<CheckpointFolder, T> take) {
    try {
      Optional<String> name = best.read();
      if (name.isPresent()) {
        return Optional.of(take.apply(CheckpointFolder.open(folder(name.get()))));
      }
    } catch (UserFault e) {
      LOG.log(Level.WARNING, "The best checkpoint is left out. " + e.getMessage());
    }
    return firstWhole(take);
  }

  /** Names of all checkpoints but one, the furthest first, those without progress last. */
  List<String> othersThan(String name) {
    record Other(String name, Optional<Progress> progress) {}
    Comparator<Optional<Progress>> emptyLast =
        Comparator.comparing(o -> o.orElse(null), Comparator.nullsLast(FURTHEST));
    return names().stream()
        .filter(other -> !other.equals(name))
        .map(other -> new Other(other, progress(other)))
        .sorted(Comparator.comparing(Other::progress, emptyLast).thenComparing(Other::name))
        .map(Other::name)
        .toList();
  }

  /** Everything in the folder of checkpoints, left-overs included. */
  List<Location> children() {
    try {
      return checkpoints.children();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw CheckedFiles.fault(checkpoints, e);
    }
  }

  private Optional<String> published(List<UserFault> faults) {
    try {
      return pointer.read();
    } catch (UserFault e) {
      LOG.log(Level.WARNING, "The pointer is left out. " + e.getMessage());
      faults.add(e);
      return Optional.empty();
    }
  }

  private List<String> candidates(Optional<String> published) {
    List<String> candidates = new ArrayList<>(published.stream().toList());
    candidates.addAll(othersThan(published.orElse("")));
    return candidates;
  }

  private List<String> names() {
    return children().stream().map(Location::name).filter(SafeName::plain).toList();
  }

  private Optional<Progress> progress(String name) {
    try {
      return Optional.of(CheckpointFolder.open(folder(name)).progress());
    } catch (UserFault e) {
      return Optional.empty();
    }
  }

  private void sayIfAnother(String name, Optional<String> published) {
    if (!published.equals(Optional.of(name))) {
      LOG.log(
          Level.WARNING,
          "Checkpoint " + folder(name) + " is used, the pointer names " + published.orElse("none"));
    }
  }
}
