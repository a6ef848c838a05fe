package prior.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import prior.data.ByteSource;

/** A file or folder on a local disk. */
record LocalLocation(Path path) implements Location {
  LocalLocation {
    path = path.toAbsolutePath().normalize();
  }

  @Override
  public String name() {
    return path.getFileName() == null ? "" : path.getFileName().toString();
  }

  @Override
  public Location child(String name) {
    return new LocalLocation(path.resolve(name));
  }

  @Override
  public Location sibling(String name) {
    return new LocalLocation(path.resolveSibling(name));
  }

  @Override
  public boolean exists() {
    return Files.exists(path);
  }

  @Override
  public boolean isFolder() {
    return Files.isDirectory(path);
  }

  @Override
  public List<Location> children() throws IOException {
    try (Stream<Path> children = Files.list(path)) {
      return children.<Location>map(LocalLocation::new).toList();
    } catch (NoSuchFileException e) {
      throw missing(e);
    }
  }

  @Override
  public long length() throws IOException {
    try {
      return Files.size(path);
    } catch (NoSuchFileException e) {
      throw missing(e);
    }
  }

  @Override
  public ByteSource open() throws IOException {
    try {
      return ByteSource.of(path);
    } catch (NoSuchFileException e) {
      throw missing(e);
    }
  }

  @Override
  public long write(Content content) throws IOException {
    Files.createDirectories(path.getParent());
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      OutputStream out = Channels.newOutputStream(channel);
      content.writeTo(out);
      channel.force(true);
      return channel.position();
    }
  }

  @Override
  public boolean appearsWhole() {
    return false;
  }

  /** A link is removed, not what it leads to. */
  @Override
  public void delete() throws IOException {
    try {
      Files.walkFileTree(path, new Removal());
    } catch (NoSuchFileException e) {
      return;
    }
  }

  @Override
  public boolean renameTo(Location other) throws IOException {
    Path target = ((LocalLocation) other).path();
    Files.createDirectories(target.getParent());
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  @Override
  public String toString() {
    return path.toString();
  }

  private static FileNotFoundException missing(NoSuchFileException e) {
    FileNotFoundException missing = new FileNotFoundException(e.getFile() + " does not exist");
    missing.initCause(e);
    return missing;
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
