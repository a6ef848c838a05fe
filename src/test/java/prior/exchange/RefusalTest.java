package prior.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import prior.checkpoint.Location;
import prior.checkpoint.Precision;
import prior.checkpoint.Tensor;
import prior.conf.ConfLoader;
import prior.conf.PriorConf;
import prior.fault.UserFault;

class RefusalTest {
  private static final Path FIXTURES = Path.of("src/test/resources/exchange");
  private static final Path BASELINE = Exchanges.REFERENCE.resolve("d2_01_baseline");
  private static final String[] INTENTIONS = {
    "prior.objective=x_start", "prior.net.self_cond=false", "prior.condition_on_text_encodings=true"
  };

  @TempDir Path temp;
  private Path foreign;
  private Path own;

  @BeforeEach
  void layOut() {
    foreign = Exchanges.dalle2(BASELINE, temp.resolve("foreign"));
    own = temp.resolve("own");
  }

  private void refused(Path input, Format format, String... parts) {
    assertThatThrownBy(() -> Exchanges.imported(format, input, own))
        .isInstanceOf(UserFault.class)
        .hasMessageContainingAll(parts);
    assertThat(own).doesNotExist();
    assertThat(temp.resolve(".own.writing")).doesNotExist();
  }

  @Test
  void missingExtraAndMisshapenTensorsAreToldTogether() throws IOException {
    Path file = foreign.resolve("model.safetensors");
    List<Tensor> tensors = new ArrayList<>(Exchanges.tensors(file));
    tensors.removeIf(tensor -> tensor.name().equals("net.learned_query"));
    tensors.replaceAll(
        t ->
            t.name().equals("net.null_image_embed")
                ? new Tensor(t.name(), new long[] {32}, t.values())
                : t);
    tensors.add(new Tensor("net.stranger", new long[] {1, 2}, new float[2]));
    Exchanges.write(file, tensors, Precision.FP32);
    refused(
        foreign,
        Format.DALLE2,
        "net.learned_query: expected [32], found none",
        "net.null_image_embed: expected [1, 32], found [32]",
        "net.stranger: expected no such tensor, found [1, 2]");
  }

  @Test
  void aTensorOfWholeNumbersIsNoWeight() throws IOException {
    Path file = foreign.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    String header = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = header.indexOf("\"F32\"", header.indexOf("\"net.learned_query\""));
    bytes[at + 1] = 'I';
    Files.write(file, bytes);
    refused(foreign, Format.DALLE2, "net.learned_query: expected real numbers, found I32");
  }

  @Test
  void sizesAreTakenFromShapesAndIntentionsMustBeSet() throws IOException {
    Files.delete(foreign.resolve("config.json"));
    refused(
        foreign,
        Format.DALLE2,
        "prior.objective must have a value",
        "prior.net.self_cond must have a value",
        "prior.condition_on_text_encodings must have a value");
    for (Path golden : Exchanges.cases("d2_")) {
      Path file = golden.resolve("weights.safetensors");
      Path checkpoint = temp.resolve(golden.getFileName());
      Exchanges.imported(Format.DALLE2, file, checkpoint, INTENTIONS);
      PriorConf expected = ConfLoader.priorFromReference(Exchanges.config(golden).toString());
      String told = ModelDescription.of(Location.of(file.toString())).json();
      JsonNode sizes = new ObjectMapper().readTree(told).path("sizes");
      Exchanges.config(golden)
          .at("/prior/net")
          .fields()
          .forEachRemaining(
              size -> {
                if (!size.getKey().matches(".*dropout|self_cond")) {
                  assertThat(sizes.get(size.getKey()))
                      .as("%s, %s", golden, size.getKey())
                      .isEqualTo(size.getValue());
                }
              });
      PriorConf found = Exchanges.settings(checkpoint);
      assertThat(found.timesteps()).isEqualTo(expected.timesteps());
      assertThat(found.betaSchedule()).isEqualTo(expected.betaSchedule());
    }
  }

  @Test
  void aScheduleThatIsNotThatOfTheTablesIsRefused() throws IOException {
    Path config = foreign.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"cosine\"", "\"linear\""));
    refused(foreign, Format.DALLE2, "noise_scheduler.betas", "prior.beta_schedule LINEAR");
  }

  @Test
  void contradictingSizesNameEveryTensor() {
    assertThatThrownBy(() -> Exchanges.imported(Format.DALLE2, foreign, own, "prior.net.heads=4"))
        .isInstanceOf(UserFault.class)
        .hasMessageContainingAll(
            "layers.0.0.to_q.weight: expected [64, 32], found [32, 32]",
            "layers.1.0.to_out.0.weight: expected [32, 64], found [32, 32]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip.pth", "pickle.pth"})
  void aPickleIsRefusedWhateverItsNameWithThePythonThatConvertsIt(String name) throws IOException {
    for (String disguise : List.of(name, "model.safetensors")) {
      Path folder = Files.createDirectories(temp.resolve(name + disguise.length()));
      Path file = Files.copy(FIXTURES.resolve(name), folder.resolve(disguise));
      refused(file, Format.DALLE2, "could run code", "import torch", "save_file", disguise);
      refused(folder, Format.DALLE2, "could run code", "weights_only=True");
    }
  }

  @Test
  void aConfigurationOfAnotherClassIsRefused() {
    Path prior =
        Exchanges.diffusers(Exchanges.REFERENCE.resolve("uc_01_base"), temp.resolve("pipeline"));
    Path config = prior.resolve("config.json");
    Exchanges.write(
        config, ((ObjectNode) Exchanges.json(config)).put("_class_name", "UNet2DModel"));
    refused(prior, Format.DIFFUSERS, "_class_name", "expected PriorTransformer, found UNet2DModel");
  }

  @Test
  void aDeeplyNestedConfigurationIsRefused() throws IOException {
    Files.writeString(foreign.resolve("config.json"), "{\"prior\":" + "[".repeat(100_000));
    refused(foreign, Format.DALLE2, "config.json", "nested too deeply");
  }

  @Test
  void anUnknownKeyIsToldWithTheNearest() throws IOException {
    Path config = foreign.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"normformer\"", "\"normfromer\""));
    refused(foreign, Format.DALLE2, "prior.net.normfromer is not a key", "prior.net.normformer");
  }

  @Test
  void anOutputThatIsThereStays() throws IOException {
    Path there = Files.writeString(temp.resolve("there"), "mine");
    assertThatThrownBy(() -> Exchanges.imported(Format.DALLE2, foreign, there))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("expected nothing there");
    assertThat(there).hasContent("mine");
  }

  @Test
  void anIncludeInACheckpointsConfigurationIsRefused() {
    ConfLoader.Source config =
        new ConfLoader.Source("config.conf", "include file(\"/etc/hostname\")");
    assertThatThrownBy(() -> ConfLoader.load(List.of(config), List.of()))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("found include of");
  }

  @Test
  void aDeeplyNestedConfigurationOfACheckpointIsRefused() {
    ConfLoader.Source config = new ConfLoader.Source("config.conf", "a:{".repeat(200_000));
    assertThatThrownBy(() -> ConfLoader.load(List.of(config), List.of()))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("nested too deeply");
  }
}
