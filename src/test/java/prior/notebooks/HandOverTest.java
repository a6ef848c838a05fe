package prior.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import prior.checkpoint.CheckpointStore;
import prior.checkpoint.Location;
import prior.checkpoint.Weights;
import prior.cli.ExportArguments;
import prior.exchange.Exchanges;
import prior.exchange.Format;
import prior.infer.TrainedPrior;

/** The snippets of the hand-over guide run as they stand there, from a finished demo. */
class HandOverTest {
  private static final Path UNCLIP = Path.of("src/test/resources/reference/uc_01_base");
  private static final String TORCH = "numpy, pyarrow, torch, safetensors";

  @TempDir private static Path temp;
  private static FinishedDemo demo;
  private static Guide guide;

  @BeforeAll
  static void finish() throws IOException {
    demo = FinishedDemo.get();
    guide =
        new Guide(
            Path.of("src/docs/hand-over.md"),
            Map.of(
                "RUN", demo.run(),
                "DATA", demo.folder().resolve("data"),
                "PREDICTED", demo.folder().resolve("predicted"),
                "DALLE2", temp.resolve("dalle2"),
                "MODEL", temp.resolve("model"),
                "EXPORT", temp.resolve("export"),
                "NPY", temp.resolve("npy")));
  }

  private static void export(String format) throws IOException {
    List<String> words = List.of(guide.snippet("", "--format " + format).strip().split("\\s+"));
    ExportArguments arguments = new ExportArguments();
    new CommandLine(arguments)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(words.subList(words.indexOf("export") + 1, words.size()).toArray(String[]::new));
    arguments.run();
  }

  /** What stand-ins for packages are given by snippets. */
  private static JsonNode given(String... holding) throws Exception {
    List<String> pieces = new ArrayList<>();
    pieces.add(Files.readString(Path.of("src/test/resources/notebooks/stand_ins.py")));
    for (String text : holding) {
      pieces.add(guide.snippet("python", text));
    }
    return PythonCells.run(pieces, temp, Map.of(), "given").path("given");
  }

  @Test
  void searchInSparkFindsWhatTheEvaluationFound() throws Exception {
    try (JavaCells java = new JavaCells()) {
      java.run(guide.snippets("java"));
      assertThat(java.number("recallAt10"))
          .isCloseTo(demo.evaluation().path("recall_at_10").asDouble(), within(1e-12));
      for (int k : new int[] {1, 5}) {
        String hits = "nearest.where(\"neighbour = key AND rank <= %d\").count()".formatted(k);
        assertThat(java.number(hits) / demo.evaluation().path("rows").asInt())
            .isCloseTo(demo.evaluation().path("recall_at_" + k).asDouble(), within(1e-12));
      }
    }
  }

  @Test
  void matricesForFaissHoldThePredictionsAndTheirKeys() throws Exception {
    PythonCells.assume("numpy, pyarrow");
    List<String> pieces = new ArrayList<>(List.of(guide.snippet("python", "def write_npy")));
    pieces.add(
        "own = np.load('%s/predicted/img_emb_0.npy')\n".formatted(temp.resolve("npy"))
            + "shape, kind = list(own.shape), str(own.dtype)\n"
            + "length = float(np.linalg.norm(own, axis=1).max())\n"
            + "keys = pq.read_table('%s/predicted/keys.parquet').num_rows"
                .formatted(temp.resolve("npy")));
    JsonNode found = PythonCells.run(pieces, temp, Map.of(), "shape,kind,length,keys");
    int rows = demo.evaluation().path("rows").asInt();
    assertThat(found.path("shape").toString()).isEqualTo("[" + rows + ",16]");
    assertThat(found.path("kind").asText()).isEqualTo("float32");
    assertThat(found.path("length").asDouble()).isCloseTo(1, within(1e-6));
    assertThat(found.path("keys").asInt()).isEqualTo(rows);
  }

  @Test
  void faissFindsWhatTheEvaluationFound() throws Exception {
    PythonCells.assume("numpy, pyarrow, faiss");
    List<String> pieces =
        List.of(guide.snippet("python", "def write_npy"), guide.snippet("python", "faiss.Index"));
    assertThat(
            PythonCells.run(pieces, temp, Map.of(), "recall_at_10").path("recall_at_10").asDouble())
        .isCloseTo(demo.evaluation().path("recall_at_10").asDouble(), within(1e-12));
  }

  @Test
  void decodersAreGivenAMatrixOfAllPredictions() throws Exception {
    PythonCells.assume(TORCH);
    JsonNode given = given("torch.tensor(column", "decoder.sample", "get_zero_embed");
    int rows = demo.evaluation().path("rows").asInt();
    assertThat(given.path("decoder").toString()).isEqualTo("[[4,16],\"torch.float32\"]");
    assertThat(given.path("kandinsky").toString())
        .isEqualTo("[[%d,16],[%d,16]]".formatted(rows, rows));
  }

  @Test
  void theExportToDalle2PytorchHoldsTheRunsWeightsUnderTheirNames() throws Exception {
    export("dalle2");
    assertThat(temp.resolve("dalle2/model.safetensors")).exists();
    PythonCells.assume(TORCH);
    JsonNode given = given("DiffusionPriorConfig(");
    String[] names =
        CheckpointStore.weights(Location.of(demo.run().toString()), Weights.EMA).stream()
            .map(tensor -> tensor.name())
            .sorted()
            .toArray(String[]::new);
    assertThat(given.path("weights")).extracting(JsonNode::asText).contains(names);
    assertThat(given.path("prior")).extracting(JsonNode::asText).contains("net", "timesteps");
  }

  @Test
  void theExportToDiffusersHoldsMeanAndDeviation() throws Exception {
    Path pipeline = Exchanges.diffusers(UNCLIP, temp.resolve("pipeline"));
    Exchanges.imported(Format.DIFFUSERS, pipeline, temp.resolve("model"));
    export("diffusers");
    assertThat(temp.resolve("export").toFile().list())
        .contains("config.json", "scheduler_config.json", "diffusion_pytorch_model.safetensors");
    PythonCells.assume(TORCH);
    List<String> pieces = new ArrayList<>();
    pieces.add(Files.readString(Path.of("src/test/resources/notebooks/stand_ins.py")));
    pieces.add(guide.snippet("python", "prior=PriorTransformer"));
    pieces.add(guide.snippet("python", "def raw"));
    pieces.add(
        "golden = load_file('%s')\n"
                .formatted(UNCLIP.resolve("weights.safetensors").toAbsolutePath())
            + "mean = bool((raw(torch.zeros(1, 16)) == golden['clip_mean']).all())\n"
            + "width = bool(torch.allclose(raw(torch.ones(1, 16)) - golden['clip_mean'],"
            + " golden['clip_std'], atol=1e-6))");
    JsonNode found = PythonCells.run(pieces, temp, Map.of(), "given,mean,width");
    assertThat(found.path("mean").asBoolean()).isTrue();
    assertThat(found.path("width").asBoolean()).isTrue();
    assertThat(found.at("/given/parts").toString()).isEqualTo("[\"prior\",\"scheduler\"]");
    assertThat(Path.of(found.at("/given/transformer").asText())).exists();
  }

  @Test
  void theGuideNamesNoOptionThatInferenceRefuses() throws Exception {
    String command = guide.snippet("", "submit.sh infer");
    List<String> sets =
        Arrays.stream(command.strip().split("--set ")).skip(1).map(String::strip).toList();
    assertThat(sets).containsExactly("infer.output_scale=unit");
    assertThat(TrainedPrior.open(Location.of(demo.run().toString()), sets).settings()).isNotNull();
  }
}
