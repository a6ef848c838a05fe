package prior.parity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import prior.conf.DpmppGrid;
import prior.conf.PriorConf;
import prior.conf.SamplerChoice;
import prior.diffusion.Guidance;
import prior.diffusion.NoiseSchedule;
import prior.diffusion.NoiseSource;
import prior.diffusion.Sampler;
import prior.diffusion.Target;
import prior.infer.BestOfN;
import prior.model.Dalle2Shape;
import prior.model.Network;
import prior.model.NetworkShape;
import prior.model.ParameterLayout;

/** The runs of whole samplers: {@code ddpm_sample}, {@code ddim_sample}, {@code best_of_n}. */
final class SamplerRuns {
  private final ReferenceCase golden;
  private final PriorConf prior;
  private final Dalle2Shape shape;

  SamplerRuns(ReferenceCase golden) {
    this.golden = golden;
    this.prior = golden.prior();
    this.shape = (Dalle2Shape) NetworkShape.of(prior);
  }

  void sample(JsonNode run) {
    JsonNode args = run.path("args");
    int steps = args.path("timesteps").asInt(prior.timesteps());
    INDArray found = sample(run, steps, args.path("eta").asDouble(1), 1);
    compare(run.path("out").path("sample").asText(), found);
    if (run.path("out").has("times")) {
      new ScheduleRuns(golden).compareTimes(run, prior.timesteps(), steps);
    }
  }

  void bestOfN(JsonNode run) {
    JsonNode args = run.path("args");
    int n = args.path("num_samples_per_batch").asInt();
    int steps = args.path("effective_timesteps").asInt();
    INDArray samples = sample(run, steps, args.path("eta").asDouble(), n);
    compare(run.path("out").path("candidates").asText(), samples);
    float[] texts = golden.tensor(run.path("in").path("text_embed").asText()).floats();
    int[] best = BestOfN.choose(samples.data().asFloat(), texts, shape.dim(), n);
    double[] expected = golden.tensor(run.path("out").path("index").asText()).values();
    for (int i = 0; i < best.length; i++) {
      assertThat(best[i]).as("best sample of text %d", i).isEqualTo((int) expected[i]);
    }
  }

  private INDArray sample(JsonNode run, int steps, double eta, int samplesPerText) {
    JsonNode args = run.path("args");
    INDArray noise = golden.array(run.path("in").path("noise").asText());
    int batch = Math.toIntExact(noise.size(1));
    Network network =
        Network.forInference(shape, golden.parameters(ParameterLayout.of(shape)), batch);
    fillConditions(run, network, samplesPerText);
    NoiseSchedule schedule = NoiseSchedule.of(prior.betaSchedule(), prior.timesteps());
    Guidance guided =
        new Guidance(
            network.conditional(), network.unconditional(), args.path("cond_scale").asDouble());
    NoiseSource draws = (entry, into) -> into.assign(noise.tensorAlongDimension(entry, 1, 2));
    Sampler.Sampling wanted =
        new Sampler.Sampling(SamplerChoice.AUTO, steps, eta, DpmppGrid.LAMBDA);
    Sampler sampler = Sampler.of(schedule, Target.of(golden.prior(run)), wanted);
    return sampler.sample(guided, draws, Nd4j.create(batch, shape.dim()));
  }

  private void fillConditions(JsonNode run, Network network, int samplesPerText) {
    INDArray texts = golden.array(run.path("in").path("text_embed").asText());
    network.inputs().text().assign(texts.repeat(0, samplesPerText));
    JsonNode encodings = run.path("in").path("text_encodings");
    if (encodings.isTextual() && network.inputs().textEncodings() != null) {
      INDArray rows = golden.array(encodings.asText());
      for (int text = 0; text < rows.size(0); text++) {
        for (int i = 0; i < samplesPerText; i++) {
          INDArray into =
              network
                  .inputs()
                  .textEncodings()
                  .tensorAlongDimension(text * samplesPerText + i, 1, 2);
          for (int row = 0; row < Math.min(rows.size(1), shape.maxTextLen()); row++) {
            into.getRow(row).assign(rows.tensorAlongDimension(text, 1, 2).getRow(row));
          }
        }
      }
    }
  }

  private void compare(String expected, INDArray found) {
    Agreement.relative(
        expected,
        found.data().asFloat(),
        golden.tensor(expected).floats(),
        golden.tolerance("sample"));
  }
}
