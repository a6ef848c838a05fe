package prior.conf;

/** Whose network and diffusion a prior follows. */
public enum Family {
  /** DALLE2-pytorch's {@code DiffusionPrior}: {@code prior.net} and the keys beside it. */
  DALLE2,
  /** diffusers' {@code PriorTransformer} and {@code UnCLIPScheduler}: {@code prior.unclip}. */
  UNCLIP
}
