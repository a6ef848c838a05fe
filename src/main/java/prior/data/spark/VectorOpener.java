package prior.data.spark;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/** Opens vectors on an executor. Small and serialisable: names and widths, never data. */
interface VectorOpener extends Serializable {
  VectorCursor open(Configuration conf);
}
