/** Noise schedules, the forward process and the samplers, for any network that denoises. */
package prior.diffusion;
