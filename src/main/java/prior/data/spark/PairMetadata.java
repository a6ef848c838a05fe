package prior.data.spark;

import java.util.LinkedHashMap;
import java.util.Map;
import prior.data.PairStatistics;

/** The keys under which prepared files say what they hold, in Parquet's key-value metadata. */
public final class PairMetadata {
  /** Name of the CLIP model whose embeddings these are. */
  public static final String CLIP = "prior.clip";

  /** "true" when all vectors have length 1 (up to fp16 rounding), else "false". */
  public static final String NORMALISED = "prior.normalised";

  public static final String TEXT_WIDTH = "prior.text_width";
  public static final String IMAGE_WIDTH = "prior.image_width";

  /** Mean length of the file's image embeddings. */
  public static final String MEAN_IMAGE_NORM = "prior.mean_image_norm";

  /** Rows in every row group but a file's last. */
  public static final String ROW_GROUP_ROWS = "prior.row_group_rows";

  /** Version of this layout. */
  public static final String VERSION = "prior.data_version";

  static final String CURRENT_VERSION = "1";

  private PairMetadata() {}

  static Map<String, String> of(
      String clip, PairStatistics pairs, int textWidth, int imageWidth, int rowGroupRows) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(CLIP, clip);
    metadata.put(NORMALISED, Boolean.toString(pairs.normalised()));
    if (pairs.rows() > 0) {
      metadata.put(MEAN_IMAGE_NORM, Double.toString(pairs.imageNorm()));
    }
    metadata.put(TEXT_WIDTH, Integer.toString(textWidth));
    metadata.put(IMAGE_WIDTH, Integer.toString(imageWidth));
    metadata.put(ROW_GROUP_ROWS, Integer.toString(rowGroupRows));
    metadata.put(VERSION, CURRENT_VERSION);
    return metadata;
  }
}
