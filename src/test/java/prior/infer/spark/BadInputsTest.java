package prior.infer.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import prior.data.spark.LocalSpark;
import prior.fault.UserFault;

/** Each row of the documentation's table of bad inputs, with the message that it promises. */
@Tag("spark")
class BadInputsTest {
  private static final Path DOCUMENT = Path.of("src/docs/inference.md");
  private static final Map<String, String> CLIP = Map.of("clip", "ViT-B/32", "normalised", "true");

  private final SparkSession spark = LocalSpark.session();

  @TempDir private Path temp;

  private interface Attempt {
    void run(BadInputsTest in) throws Exception;
  }

  private static final Map<String, Attempt> ATTEMPTS = new TreeMap<>();

  static {
    ATTEMPTS.put("no such path", in -> in.infer("none"));
    ATTEMPTS.put("folder without Parquet", in -> in.infer(in.folder("empty")));
    ATTEMPTS.put(
        "text called .parquet", in -> in.infer(in.text("a.parquet", "not a table at all")));
    ATTEMPTS.put("file cut short", in -> in.infer(in.cut("plain", 900)));
    ATTEMPTS.put("FLOAT16 column", in -> in.infer(in.fixture("half_list")));
    ATTEMPTS.put("column of integers", in -> in.images("integers"));
    ATTEMPTS.put("column of strings", in -> in.infer(in.fixture("strings")));
    ATTEMPTS.put(
        "no text column", in -> in.infer(in.fixture("plain"), "data.columns.text_embedding=txt"));
    ATTEMPTS.put("another width", in -> in.infer(in.fixture("plain"), "prior.net.dim=16"));
    ATTEMPTS.put(
        "binary of another width", in -> in.infer(in.fixture("fixed_fp16"), "prior.net.dim=16"));
    ATTEMPTS.put("row too short", in -> in.infer(in.fixture("short_row")));
    ATTEMPTS.put("row too long", in -> in.infer(in.fixture("long_row")));
    ATTEMPTS.put("row without numbers", in -> in.infer(in.fixture("empty_row")));
    ATTEMPTS.put("null row", in -> in.infer(in.fixture("null_row")));
    ATTEMPTS.put("null in a vector", in -> in.infer(in.fixture("null_element")));
    ATTEMPTS.put("NaN", in -> in.infer(in.fixture("nan")));
    ATTEMPTS.put("infinity", in -> in.images("infinite"));
    ATTEMPTS.put("zero vector", in -> in.infer(in.fixture("zero")));
    ATTEMPTS.put("null key", in -> in.infer(in.fixture("null_key")));
    ATTEMPTS.put("no key column", in -> in.infer(in.fixture("plain"), "infer.key=id"));
    ATTEMPTS.put(
        "key of fractions", in -> in.infer(in.sql("double(key) as k, *", "double"), "infer.key=k"));
    ATTEMPTS.put(
        "no text encodings",
        in -> in.infer(in.fixture("encodings"), "prior.condition_on_text_encodings=true"));
    ATTEMPTS.put(
        "text encodings of strings",
        in ->
            in.infer(
                in.sql("'x' as text_encodings, *", "plain"),
                "prior.condition_on_text_encodings=true"));
    ATTEMPTS.put(
        "mask of strings",
        in ->
            in.infer(
                in.sql("array('x') as m, *", "encodings"),
                "prior.condition_on_text_encodings=true",
                "data.columns.text_encodings=tokens",
                "infer.mask=m"));
    ATTEMPTS.put("another CLIP", in -> in.infer(in.said("ViT-L/14", "true")));
    ATTEMPTS.put("another normalisation", in -> in.infer(in.said("ViT-B/32", "false")));
    ATTEMPTS.put("files stored differently", in -> in.infer(in.both("plain", "double")));
    ATTEMPTS.put(
        "output column in the input", in -> in.infer(in.fixture("plain"), "infer.output=key"));
    ATTEMPTS.put("no such table", in -> in.infer("table:nowhere.texts"));
    ATTEMPTS.put("vectors without a table", in -> in.infer(in.clip(4, 0, 4)));
    ATTEMPTS.put("fewer vectors than rows", in -> in.infer(in.clip(3, 7, 4)));
    ATTEMPTS.put("vectors of another width", in -> in.infer(in.clip(7, 7, 5)));
    ATTEMPTS.put("no vectors at all", in -> in.infer(in.clip(0, 7, 4)));
    ATTEMPTS.put("partition without a value", in -> in.write("ds", WriteMode.OVERWRITE));
    ATTEMPTS.put(
        "partition by a column of the input", in -> in.write("key=1", WriteMode.OVERWRITE));
    ATTEMPTS.put(
        "output exists",
        in -> {
          in.text("out/ds=1/x", "mine");
          in.write("ds=1", WriteMode.ERRORIFEXISTS);
        });
    ATTEMPTS.put(
        "appending to a stranger",
        in -> {
          in.text("out/ds=1/x", "mine");
          in.write("ds=1", WriteMode.APPEND);
        });
    ATTEMPTS.put(
        "appending other columns",
        in -> {
          in.infer(in.sql("key, text_embedding", "plain"));
          in.again("plain", WriteMode.APPEND);
        });
    ATTEMPTS.put(
        "resuming with another input",
        in -> {
          in.infer(in.fixture("plain"));
          in.again("duckdb", WriteMode.RESUME);
        });
  }

  static Stream<List<String>> rows() throws IOException {
    return Files.readAllLines(DOCUMENT).stream()
        .dropWhile(line -> !line.equals("## Bad inputs"))
        .filter(line -> line.startsWith("| `"))
        .map(
            line ->
                Arrays.stream(line.split(" *\\| *")).skip(1).map(c -> c.replace("`", "")).toList());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theMessageIsTheOneThatIsDocumented(List<String> row) throws Exception {
    Attempt attempt = ATTEMPTS.get(row.get(0));
    UserFault fault = catchThrowableOfType(() -> attempt.run(this), UserFault.class);
    assertThat(fault).as("refused: %s", row.get(0)).isNotNull();
    String found =
        fault.getMessage().replace("file:" + temp, "DATA").replace(temp.toString(), "DATA");
    String pattern =
        Arrays.stream(row.get(1).split("…", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    assertThat(found.replace("`", "").replace("|", "/")).matches(pattern);
  }

  @Test
  void everyAttemptIsDocumented() throws IOException {
    assertThat(rows().map(row -> row.get(0)))
        .hasSizeGreaterThan(25)
        .containsExactlyInAnyOrderElementsOf(ATTEMPTS.keySet());
  }

  private void infer(String input, String... sets) {
    String[] all =
        Stream.concat(Stream.of("prior.net.dim=4"), Arrays.stream(sets)).toArray(String[]::new);
    Inference.run(
        Inference.model(CLIP, all),
        input.startsWith("table:") ? input : temp.resolve(input),
        temp.resolve("out"),
        WriteMode.ERRORIFEXISTS);
  }

  /** The fixture's broken column is that of images, of width 3. */
  private void images(String name) throws IOException {
    infer(fixture(name), "data.columns.text_embedding=image_embedding", "prior.net.dim=3");
  }

  private void again(String name, WriteMode mode) throws IOException {
    Inference.run(
        Inference.model(CLIP, "prior.net.dim=4"),
        temp.resolve(fixture(name)),
        temp.resolve("out"),
        mode);
  }

  private void write(String partition, WriteMode mode) throws IOException {
    String input = temp.resolve(fixture("plain")).toString();
    PriorInference.run(
        spark,
        Inference.model("prior.net.dim=4"),
        new InferRequest(input, temp.resolve("out").toString(), partition, mode));
  }

  private String fixture(String name) throws IOException {
    Files.copy(Inference.FIXTURES.resolve(name + ".parquet"), temp.resolve(name + ".parquet"));
    return name + ".parquet";
  }

  private String both(String one, String other) throws IOException {
    String folder = folder("both");
    for (String name : List.of(one, other)) {
      Files.copy(
          Inference.FIXTURES.resolve(name + ".parquet"),
          temp.resolve(folder).resolve(name + ".parquet"));
    }
    return folder;
  }

  private String cut(String name, int bytes) throws IOException {
    Path file = temp.resolve(fixture(name));
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), bytes));
    return file.getFileName().toString();
  }

  private String folder(String name) throws IOException {
    Files.createDirectories(temp.resolve(name));
    return name;
  }

  private String text(String name, String content) throws IOException {
    Files.createDirectories(temp.resolve(name).getParent());
    Files.writeString(temp.resolve(name), content);
    return name;
  }

  private String sql(String columns, String name) {
    spark
        .read()
        .parquet(Inference.FIXTURES.resolve(name + ".parquet").toString())
        .selectExpr(columns.split(", "))
        .coalesce(1)
        .write()
        .parquet(temp.resolve("made").toString());
    return "made";
  }

  private String said(String clip, String normalised) throws IOException {
    text("set/_stats.json", "{\"clip\": \"" + clip + "\", \"normalised\": " + normalised + "}");
    Files.copy(Inference.FIXTURES.resolve("plain.parquet"), temp.resolve("set/plain.parquet"));
    return "set";
  }

  /** A clip-retrieval folder; none of what has no rows. */
  private String clip(int vectors, int rows, int width) throws IOException {
    folder("clip/text_emb");
    folder("clip/metadata");
    if (vectors > 0) {
      float[] numbers = new float[vectors * width];
      Arrays.fill(numbers, 0.5f);
      Inference.npy(temp.resolve("clip/text_emb/text_emb_0.npy"), numbers, width);
    }
    if (rows > 0) {
      Files.copy(
          Inference.FIXTURES.resolve("plain.parquet"),
          temp.resolve("clip/metadata/metadata_0.parquet"));
    }
    return "clip";
  }
}
