package prior.data.spark;

import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * What is known about texts before any of them is read.
 *
 * @param rows all of them, or -1 where nothing tells
 * @param clip name of the CLIP model whose embeddings these are
 * @param normalised "true" where all have length 1, else "false"
 */
public record TextFacts(long rows, Optional<String> clip, Optional<String> normalised) {
  /** Where there are no files to look at. */
  public static final TextFacts UNKNOWN = new TextFacts(-1, Optional.empty(), Optional.empty());

  /** With what the statistics in or beside a folder say, where the files themselves say nothing. */
  public TextFacts or(Configuration conf, String folder) {
    return new TextFacts(
        rows,
        clip.or(() -> PreparedFolder.fact(conf, folder, "clip")),
        normalised.or(() -> PreparedFolder.fact(conf, folder, "normalised")));
  }
}
