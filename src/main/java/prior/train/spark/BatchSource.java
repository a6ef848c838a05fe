package prior.train.spark;

import java.io.InputStream;
import org.nd4j.common.loader.Source;

/** A batch's description as the path Deeplearning4j's loaders expect; there is nothing to open. */
record BatchSource(String path) implements Source {
  @Override
  public InputStream getInputStream() {
    throw new UnsupportedOperationException("A batch is read from row groups, not from a stream");
  }

  @Override
  public String getPath() {
    return path;
  }
}
