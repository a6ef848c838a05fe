package prior.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Location;
import prior.checkpoint.Precision;
import prior.checkpoint.StateDict;
import prior.checkpoint.Tensor;
import prior.conf.ConfLoader;
import prior.conf.PriorConf;
import prior.fault.UserFault;

/** In and out again over every reference case: the golden weights are what PyTorch saved. */
class RoundTripTest {
  private static final Path BASELINE = Exchanges.REFERENCE.resolve("d2_01_baseline");
  private static final Path HALF = Path.of("src/test/resources/exchange/half");

  @TempDir Path temp;

  static List<Path> dalle2() {
    return Exchanges.cases("d2_");
  }

  static List<Path> unclip() {
    return Exchanges.cases("uc_");
  }

  @ParameterizedTest
  @MethodSource("dalle2")
  void aPriorOfDalle2PytorchComesBackAsItWas(Path golden) {
    Path foreign = Exchanges.dalle2(golden, temp.resolve("foreign"));
    Path own = Exchanges.imported(Format.DALLE2, foreign, temp.resolve("own"));
    Path back = Exchanges.exported(Format.DALLE2, own, Precision.FP32, temp.resolve("back"));
    assertThat(Exchanges.settings(own))
        .isEqualTo(ConfLoader.priorFromReference(Exchanges.config(golden).toString()));
    assertThat(Exchanges.bytes(back.resolve("model.safetensors")))
        .isEqualTo(Exchanges.bytes(foreign.resolve("model.safetensors")));
    assertThat(Exchanges.json(back.resolve("config.json")))
        .isEqualTo(Exchanges.json(foreign.resolve("config.json")));
  }

  @ParameterizedTest
  @MethodSource("unclip")
  void aPriorOfDiffusersComesBackAsItWas(Path golden) {
    Path foreign = Exchanges.diffusers(golden, temp.resolve("pipeline"));
    Path own = Exchanges.imported(Format.DIFFUSERS, foreign, temp.resolve("own"));
    Path back = Exchanges.exported(Format.DIFFUSERS, own, Precision.FP32, temp.resolve("back"));
    assertThat(Exchanges.settings(own))
        .isEqualTo(
            ConfLoader.priorFromDiffusers(
                Exchanges.config(golden).path("prior").toString(),
                Exchanges.config(golden).path("scheduler").toString()));
    String tensors = "diffusion_pytorch_model.safetensors";
    assertThat(Exchanges.bytes(back.resolve(tensors)))
        .isEqualTo(Exchanges.bytes(foreign.resolve(tensors)));
    assertThat(Exchanges.json(back.resolve("config.json")))
        .isEqualTo(Exchanges.json(foreign.resolve("config.json")));
    assertThat(Exchanges.json(back.resolve("scheduler_config.json")))
        .isEqualTo(Exchanges.json(foreign.resolveSibling("scheduler/scheduler_config.json")));
  }

  @ParameterizedTest
  @MethodSource("dalle2")
  void exportingWhatWasExportedAndImportedGivesTheSameFiles(Path golden) throws IOException {
    Path foreign = Exchanges.dalle2(golden, temp.resolve("foreign"));
    Path first = onceMore(Format.DALLE2, foreign, "first");
    Path second = onceMore(Format.DALLE2, first, "second");
    for (String file : List.of("model.safetensors", "config.json")) {
      assertThat(second.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
    }
  }

  private Path onceMore(Format format, Path foreign, String name) {
    Path own = Exchanges.imported(format, foreign, temp.resolve(name + "-own"));
    return Exchanges.exported(format, own, Precision.FP32, temp.resolve(name));
  }

  /** The foreign configuration is kept only while it holds; ours in its words must say the same. */
  @ParameterizedTest
  @MethodSource("dalle2")
  void aChangedSettingIsExportedInTheReferencesWords(Path golden) {
    Path foreign = Exchanges.dalle2(golden, temp.resolve("foreign"));
    String set = "prior.cond_drop_prob=0.375";
    Path own = Exchanges.imported(Format.DALLE2, foreign, temp.resolve("own"), set);
    Path back = Exchanges.exported(Format.DALLE2, own, Precision.FP32, temp.resolve("back"));
    assertThat(
            ConfLoader.priorFromReference(Exchanges.json(back.resolve("config.json")).toString()))
        .isEqualTo(Exchanges.settings(own));
    assertThat(Exchanges.json(back.resolve("config.json")).at("/prior/cond_drop_prob").asDouble())
        .isEqualTo(0.375);
  }

  @ParameterizedTest
  @MethodSource("unclip")
  void aChangedSettingIsExportedInDiffusersWords(Path golden) {
    Path foreign = Exchanges.diffusers(golden, temp.resolve("pipeline"));
    String set = "prior.unclip.scheduler.clip_sample_range=7.5";
    Path own = Exchanges.imported(Format.DIFFUSERS, foreign, temp.resolve("own"), set);
    Path back = Exchanges.exported(Format.DIFFUSERS, own, Precision.FP32, temp.resolve("back"));
    Path again = Exchanges.imported(Format.DIFFUSERS, back, temp.resolve("again"));
    assertThat(Exchanges.settings(again)).isEqualTo(Exchanges.settings(own));
    assertThat(Exchanges.settings(again).unclip().scheduler().clipSampleRange()).isEqualTo(7.5);
    assertThat(Exchanges.json(back.resolve("config.json")).path("_class_name").asText())
        .isEqualTo("PriorTransformer");
  }

  @Test
  void aStateDictInFp16ComesBackInFp16() throws IOException {
    Path foreign = half("f16");
    Path own = Exchanges.imported(Format.DALLE2, foreign, temp.resolve("own"));
    Path back = Exchanges.exported(Format.DALLE2, own, Precision.FP16, temp.resolve("back"));
    assertThat(Exchanges.bytes(back.resolve("model.safetensors")))
        .isEqualTo(Exchanges.bytes(foreign.resolve("model.safetensors")));
  }

  @Test
  void aStateDictInBf16IsWidenedExactly() throws IOException {
    Path foreign = half("bf16");
    Path own = Exchanges.imported(Format.DALLE2, foreign, temp.resolve("own"));
    assertThat(byName(own.resolve("model.safetensors")))
        .isEqualTo(byName(foreign.resolve("model.safetensors")));
  }

  private static Map<String, Tensor> byName(Path file) {
    return Exchanges.tensors(file).stream().collect(Collectors.toMap(Tensor::name, t -> t));
  }

  private Path half(String type) throws IOException {
    Path folder =
        Exchanges.dalle2(Exchanges.REFERENCE.resolve("d2_18_param_average"), temp.resolve(type));
    Path file = folder.resolve("model.safetensors");
    Files.write(file, Files.readAllBytes(HALF.resolve(type + ".safetensors")));
    return folder;
  }

  /** So that PyTorch, which widens them on loading, still samples by the right tables. */
  @Test
  void noiseTablesAreRoundedOnlyWhereThatLosesNothing() {
    Path foreign = Exchanges.dalle2(BASELINE, temp.resolve("foreign"));
    Path own = Exchanges.imported(Format.DALLE2, foreign, temp.resolve("own"));
    Path back = Exchanges.exported(Format.DALLE2, own, Precision.FP16, temp.resolve("back"));
    Map<String, String> bytes = Exchanges.bytes(back.resolve("model.safetensors"));
    assertThat(bytes.get("net.learned_query")).startsWith("F16");
    assertThat(bytes.get(StateDict.NOISE_TABLES + "alphas_cumprod")).startsWith("F32");
    assertThat(bytes.get(StateDict.NOISE_TABLES + "p2_loss_weight")).startsWith("F16");
  }

  /** Numbers too: the network's state dict has no {@code net.} and no tables. */
  @Test
  void theNetworksOwnStateDictIsCompleted() throws IOException {
    Path foreign = Exchanges.dalle2(BASELINE, temp.resolve("foreign"));
    Path file = foreign.resolve("model.safetensors");
    List<Tensor> whole = Exchanges.tensors(file);
    List<Tensor> network =
        whole.stream()
            .filter(tensor -> tensor.name().startsWith("net."))
            .map(t -> new Tensor(t.name().substring(4), t.shape(), t.values()))
            .toList();
    Exchanges.write(file, network, Precision.FP32);
    Path own = Exchanges.imported(Format.DALLE2, foreign, temp.resolve("own"));
    Map<String, Tensor> found = byName(own.resolve("model.safetensors"));
    assertThat(found.keySet()).isEqualTo(byName(BASELINE.resolve("weights.safetensors")).keySet());
    assertThat(found)
        .containsAllEntriesOf(
            whole.stream()
                .filter(t -> t.name().startsWith("net."))
                .collect(Collectors.toMap(Tensor::name, t -> t)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"d2_01_baseline", "uc_01_base"})
  void anotherFamilysLayoutIsRefused(String name) {
    Path golden = Exchanges.REFERENCE.resolve(name);
    boolean dalle2 = name.startsWith("d2");
    Path own =
        dalle2
            ? Exchanges.imported(
                Format.DALLE2, Exchanges.dalle2(golden, temp.resolve("in")), temp.resolve("own"))
            : Exchanges.imported(
                Format.DIFFUSERS,
                Exchanges.diffusers(golden, temp.resolve("in")),
                temp.resolve("own"));
    Format other = dalle2 ? Format.DIFFUSERS : Format.DALLE2;
    assertThatThrownBy(() -> Exchanges.exported(other, own, Precision.FP32, temp.resolve("out")))
        .isInstanceOf(UserFault.class)
        .hasMessageStartingWith("Cannot export to " + other + ": expected a model of prior.family");
    assertThat(temp.resolve("out")).doesNotExist();
  }

  @Test
  void aClampThatTheReferenceHasNoWordsForIsRefused() {
    Path foreign = Exchanges.dalle2(BASELINE, temp.resolve("foreign"));
    Path own =
        Exchanges.imported(
            Format.DALLE2, foreign, temp.resolve("own"), "prior.sampling_final_clamp_l2norm=true");
    Exchanges.exported(Format.DALLE2, own, Precision.FP32, temp.resolve("held"));
    String config = CheckpointStore.describe(Location.of(own.toString())).config();
    PriorConf ranged =
        ConfLoader.load(
                List.of(new ConfLoader.Source("config", config)),
                List.of("prior.sampling_clamp=range"))
            .settings()
            .prior();
    assertThatThrownBy(() -> Dalle2.config(ranged, Map.of()))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("prior.sampling_clamp");
  }
}
