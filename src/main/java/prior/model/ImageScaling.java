package prior.model;

import java.io.Serializable;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.ImageScale;
import prior.conf.PriorConf;
import prior.fault.UserFault;
import prior.model.Parameter.Start;

/**
 * From image embeddings to what diffusion works on and back: {@code x_0 = (image - shift) axes *
 * factor}, the last element by element.
 *
 * @param axes orthonormal columns {@code [W, W]}; null for none
 */
public record ImageScaling(float[] shift, float[] factor, float[] axes) implements Serializable {
  private static final String MEAN = "image_mean";
  private static final String DEVIATION = "image_std";
  private static final String AXES = "image_axes";

  /**
   * The scaling of a prior: one factor for all elements, or what its parameters hold.
   *
   * @param parameters the flat vector
   * @throws UserFault where predictions are not what is sampled from
   */
  public static ImageScaling of(PriorConf prior, float[] parameters) {
    return switch (prior.family()) {
      case DALLE2 ->
          switch (prior.imageScale()) {
            case SQRT_DIM -> uniform(prior.imageDim(), prior.scale());
            case MEAN_STD -> measured(prior, parameters, MEAN, DEVIATION, null);
            case WHITENING -> measured(prior, parameters, MEAN, DEVIATION, AXES);
          };
      case UNCLIP -> {
        requireOneWidth(NetworkShape.of(prior));
        yield measured(prior, parameters, "clip_mean", "clip_std", null);
      }
    };
  }

  /** What a layout holds of it, under names that training leaves alone. */
  static void addTo(ParameterLayout layout, Dalle2Shape shape) {
    if (shape.scale().measured()) {
      layout.add(MEAN, Start.FIXED_ZEROS, 1, shape.imageDim());
      layout.add(DEVIATION, Start.FIXED_ONES, 1, shape.imageDim());
    }
    if (shape.scale() == ImageScale.WHITENING) {
      layout.add(AXES, Start.FIXED_IDENTITY, shape.imageDim(), shape.imageDim());
    }
  }

  /** Writes it into fresh parameters of a layout that holds it. */
  public void put(ParameterLayout layout, float[] parameters) {
    float[] deviation = new float[factor.length];
    for (int i = 0; i < deviation.length; i++) {
      deviation[i] = 1 / factor[i];
    }
    layout.put(parameters, MEAN, shift);
    layout.put(parameters, DEVIATION, deviation);
    if (axes != null) {
      layout.put(parameters, AXES, axes);
    }
  }

  /** Image embeddings in units of their deviation from a mean, along axes where there are any. */
  public static ImageScaling measured(float[] mean, float[] deviation, float[] axes) {
    float[] factor = new float[deviation.length];
    for (int i = 0; i < factor.length; i++) {
      factor[i] = 1 / deviation[i];
    }
    return new ImageScaling(mean, factor, axes);
  }

  private static ImageScaling measured(
      PriorConf prior, float[] parameters, String mean, String deviation, String axes) {
    ParameterLayout layout = ParameterLayout.of(NetworkShape.of(prior));
    int dim = prior.imageDim();
    return measured(
        repeated(layout.unpack(parameters, layout.parameter(mean)), dim),
        repeated(layout.unpack(parameters, layout.parameter(deviation)), dim),
        axes == null ? null : layout.unpack(parameters, layout.parameter(axes)));
  }

  /** An embedding of several tokens has mean and deviation of one. */
  private static float[] repeated(float[] values, int dim) {
    float[] all = new float[dim];
    for (int i = 0; i < dim; i++) {
      all[i] = values[i % values.length];
    }
    return all;
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
      case DALLE2 ->
          prior.imageScale().measured() ? of(prior, parameters) : uniform(prior.imageDim(), 1);
      case UNCLIP -> of(prior, parameters);
    };
  }

  private static ImageScaling uniform(int dim, float scale) {
    float[] factor = new float[dim];
    Arrays.fill(factor, scale);
    return new ImageScaling(new float[dim], factor, null);
  }

  /** x_0 of image embeddings, {@code [n, W]}, as a new array. */
  public float[] apply(float[] images) {
    int dim = shift.length;
    float[] x0 = new float[images.length];
    for (int i = 0; i < x0.length; i++) {
      x0[i] = images[i] - shift[i % dim];
    }
    if (axes != null) {
      x0 = product(x0, false);
    }
    for (int i = 0; i < x0.length; i++) {
      x0[i] *= factor[i % dim];
    }
    return x0;
  }

  /** Image embeddings of x_0, {@code [n, W]}, as a new array. */
  public float[] undo(float[] x0) {
    int dim = shift.length;
    float[] images = new float[x0.length];
    for (int i = 0; i < x0.length; i++) {
      images[i] = x0[i] / factor[i % dim];
    }
    if (axes != null) {
      images = product(images, true);
    }
    for (int i = 0; i < x0.length; i++) {
      images[i] += shift[i % dim];
    }
    return images;
  }

  private float[] product(float[] rows, boolean back) {
    int dim = shift.length;
    INDArray all = Nd4j.create(rows, new long[] {rows.length / dim, dim}, 'c');
    INDArray turn = Nd4j.create(axes, new long[] {dim, dim}, 'c');
    return all.mmul(back ? turn.transpose() : turn).dup('c').data().asFloat();
  }
}
