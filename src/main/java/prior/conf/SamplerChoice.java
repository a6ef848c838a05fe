package prior.conf;

/** Which way from noise to embeddings is taken. */
public enum SamplerChoice {
  /** DDPM where all timesteps are visited, DDIM for fewer; the unclip family's own steps. */
  AUTO,
  /** Ancestral sampling over all timesteps (Ho et al. 2020); the unclip family's own steps. */
  DDPM,
  /** Sampling over some timesteps, deterministic or with noise (Song et al. 2021). */
  DDIM,
  /** DPM-Solver++ 2M, deterministic and of second order (Lu et al. 2022). */
  DPMPP
}
