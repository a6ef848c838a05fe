package prior.exchange;

import java.util.Locale;

/** Whose layout a model has. */
public enum Format {
  /** DALLE2-pytorch: {@code DiffusionPrior.state_dict()} and its JSON configuration. */
  DALLE2,
  /** Hugging Face diffusers: the folder of a {@code PriorTransformer}. */
  DIFFUSERS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
