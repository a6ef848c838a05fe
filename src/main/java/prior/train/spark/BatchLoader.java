package prior.train.spark;

import java.io.IOException;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Reads batches by the text of their {@link prior.train.BatchSpec}, on an executor. */
public interface BatchLoader extends MultiDataSetLoader {
  LoadedBatch read(String text) throws IOException;

  /** As Deeplearning4j asks for it. */
  @Override
  default MultiDataSet load(Source source) throws IOException {
    return read(source.getPath()).data();
  }
}
