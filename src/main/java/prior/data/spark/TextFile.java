package prior.data.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.data.Retry;
import prior.data.SeparateClose;

/** Small text files on any file system, in UTF-8. */
public final class TextFile {
  private TextFile() {}

  /** Creates or replaces a file. */
  public static void write(FileSystem fs, Path file, String text) throws IOException {
    Retry.configured(fs.getConf()::getInt)
        .run(
            "write " + file,
            () -> {
              try (OutputStream out = new SeparateClose(fs.create(file))) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
              }
              return text;
            });
  }

  /** Hands over each line. */
  public static void lines(FileSystem fs, Path file, Consumer<String> each) throws IOException {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(fs.open(file), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        each.accept(line);
      }
    }
  }
}
