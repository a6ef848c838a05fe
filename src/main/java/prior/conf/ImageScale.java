package prior.conf;

import java.util.Locale;

/** How image embeddings become what diffusion works on. */
public enum ImageScale {
  /** One factor for all elements, {@code prior.image_embed_scale}: for embeddings of length 1. */
  SQRT_DIM,
  /** Each element less its mean, over its deviation, both over the training pairs. */
  MEAN_STD,
  /**
   * Along the principal axes of the training pairs, each coordinate less its mean, over its
   * deviation.
   */
  WHITENING;

  /** Whether it is taken from the training pairs. */
  public boolean measured() {
    return switch (this) {
      case SQRT_DIM -> false;
      case MEAN_STD, WHITENING -> true;
    };
  }

  /** As in a configuration. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
