package prior.data.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.data.DataFaults;

/**
 * The layout of clip-retrieval: img_emb/img_emb_N.npy, text_emb/text_emb_N.npy and
 * metadata/metadata_N.parquet, row i of the three belonging together. Shards are matched by the
 * number N, however it is padded. A shard whose sides do not fit is refused as a whole.
 *
 * @param shards the .npy files of each table, by the table's full path
 */
record ClipFolder(
    String root,
    List<Table> tables,
    List<Refusal> refusals,
    int textWidth,
    int imageWidth,
    Map<String, NpyVectors.Shard> shards)
    implements PairSource {

  static boolean isOne(Configuration conf, String input) {
    try {
      Path root = new Path(input);
      FileSystem fs = root.getFileSystem(conf);
      return fs.exists(new Path(root, ClipSide.IMAGE.folder()))
          || fs.exists(new Path(root, ClipSide.TEXT.folder()));
    } catch (IOException e) {
      throw DataFaults.storage("read", input, e);
    }
  }

  /** Looks at the header of every file. */
  static ClipFolder find(Configuration conf, String input) {
    List<ClipShard> found = shards(conf, input);
    Map<ClipSide, Integer> widths = new LinkedHashMap<>();
    for (ClipSide side : ClipSide.values()) {
      widths.put(side, width(found, side));
    }
    List<Table> tables = new ArrayList<>();
    List<Refusal> refusals = new ArrayList<>();
    Map<String, NpyVectors.Shard> vectors = new TreeMap<>();
    for (ClipShard shard : found) {
      shard.refusal(widths).ifPresentOrElse(refusals::add, () -> shard.addTo(tables, vectors));
    }
    String root = new Path(ParquetFiles.qualified(conf, input), ClipSide.TABLE.folder()).toString();
    return new ClipFolder(
        root, tables, refusals, widths.get(ClipSide.TEXT), widths.get(ClipSide.IMAGE), vectors);
  }

  @Override
  public VectorOpener vectors() {
    return new NpyVectors(shards, textWidth, imageWidth);
  }

  @Override
  public Set<String> vectorColumns() {
    return Set.of();
  }

  private static List<ClipShard> shards(Configuration conf, String input) {
    Map<Long, Map<ClipSide, String>> byNumber = new TreeMap<>();
    for (ClipSide side : ClipSide.values()) {
      Map<Long, String> files = side.files(conf, new Path(input));
      files.forEach((n, file) -> byNumber.computeIfAbsent(n, k -> new TreeMap<>()).put(side, file));
    }
    List<Map.Entry<Long, Map<ClipSide, String>>> entries = List.copyOf(byNumber.entrySet());
    return InParallel.map(entries, e -> ClipShard.read(conf, input, e.getKey(), e.getValue()));
  }

  private static int width(List<ClipShard> shards, ClipSide side) {
    List<ClipShard.Part> parts =
        shards.stream().flatMap(shard -> shard.part(side).stream()).toList();
    return Majority.of(parts, ClipShard.Part::width, ClipShard.Part::rows).orElse(0);
  }
}
