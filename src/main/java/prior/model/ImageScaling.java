package prior.model;

import java.io.Serializable;
import java.util.Arrays;
import prior.conf.PriorConf;
import prior.fault.UserFault;

/**
 * From image embeddings to what diffusion works on: {@code x_0 = (image - shift) factor}, element
 * by element.
 */
public record ImageScaling(float[] shift, float[] factor) implements Serializable {

  /**
   * The scaling of a prior: one factor for all elements, or the mean and deviation its parameters
   * hold.
   *
   * @param parameters the flat vector
   * @throws UserFault where predictions are not what is sampled from
   */
  public static ImageScaling of(PriorConf prior, float[] parameters) {
    return switch (prior.family()) {
      case DALLE2 -> uniform(prior.imageDim(), prior.scale());
      case UNCLIP -> {
        NetworkShape shape = NetworkShape.of(prior);
        requireOneWidth(shape);
        ParameterLayout layout = ParameterLayout.of(shape);
        float[] mean = named(layout, parameters, "clip_mean");
        float[] deviation = named(layout, parameters, "clip_std");
        int dim = prior.imageDim();
        float[] shift = new float[dim];
        float[] factor = new float[dim];
        for (int i = 0; i < dim; i++) {
          shift[i] = mean[i % mean.length];
          factor[i] = 1 / deviation[i % mean.length];
        }
        yield new ImageScaling(shift, factor);
      }
    };
  }

  private static void requireOneWidth(NetworkShape shape) {
    if (shape.outputDim() != shape.imageDim()) {
      throw UserFault.usage(
          "Cannot train or sample: expected predictions as wide as image embeddings"
              + " (prior.unclip.clip_embed_dim, prior.unclip.embedding_dim), found %d and %d"
                  .formatted(shape.outputDim(), shape.imageDim()));
    }
  }

  /**
   * What is left to undo of a sample: DALLE2-pytorch's samplers divide by the factor themselves.
   */
  public static ImageScaling afterSampling(PriorConf prior, float[] parameters) {
    return switch (prior.family()) {
      case DALLE2 -> uniform(prior.imageDim(), 1);
      case UNCLIP -> of(prior, parameters);
    };
  }

  private static ImageScaling uniform(int dim, float scale) {
    float[] factor = new float[dim];
    Arrays.fill(factor, scale);
    return new ImageScaling(new float[dim], factor);
  }

  private static float[] named(ParameterLayout layout, float[] parameters, String name) {
    Parameter parameter = layout.parameter(name);
    return layout.unpack(parameters, parameter);
  }

  /** An element of x_0. */
  public float apply(int element, float value) {
    return (value - shift[element]) * factor[element];
  }

  /** An element of the image embedding, of an element of x_0. */
  public float undo(int element, float value) {
    return value / factor[element] + shift[element];
  }
}
