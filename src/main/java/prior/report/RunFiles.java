package prior.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import prior.conf.ConfLoader;
import prior.data.spark.PreparedFolder;

/** What the files of a run folder say, as the data of one page. Files that are missing are null. */
final class RunFiles {
  /** Points of a curve at most. */
  private static final int POINTS = 1000;

  private static final int VALIDATIONS = 400;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The highest and lowest losses and the largest gradients are what must not go lost. */
  private static final List<ToDoubleFunction<JsonNode>> ROUNDS_TO_KEEP =
      List.of(
          round -> round.path("loss").asDouble(Double.POSITIVE_INFINITY),
          round -> -round.path("loss").asDouble(Double.POSITIVE_INFINITY),
          round -> round.path("grad_norm").asDouble(Double.POSITIVE_INFINITY));

  private static final List<ToDoubleFunction<JsonNode>> VALIDATIONS_TO_KEEP =
      List.of(
          line -> line.path("best").asBoolean() ? line.path("round").asDouble() : -1,
          line -> line.path("online").path("loss").asDouble(Double.POSITIVE_INFINITY));

  private final Configuration hadoop;
  private final Path run;
  private final FileSystem fs;

  RunFiles(Configuration hadoop, String run) throws IOException {
    this.hadoop = hadoop;
    this.run = new Path(run);
    this.fs = this.run.getFileSystem(hadoop);
  }

  ObjectNode data() throws IOException {
    JsonLines rounds = new JsonLines(fs, new Path(run, "metrics.jsonl"));
    Totals totals = new Totals(rounds.count());
    List<JsonNode> metrics = rounds.thinned(POINTS, ROUNDS_TO_KEEP, totals::add);
    List<JsonNode> validations =
        new JsonLines(fs, new Path(run, "validation.jsonl"))
            .thinned(VALIDATIONS, VALIDATIONS_TO_KEEP, line -> {});
    ObjectNode data = MAPPER.createObjectNode();
    data.put("run", run.getName());
    data.set("verdict", MAPPER.valueToTree(Verdict.of(totals, validations)));
    data.set("totals", totals.json());
    data.set("metrics", Columns.of(metrics));
    data.set("validation", MAPPER.valueToTree(validations));
    data.set("picture", file("validation.json"));
    data.set("test", file("test.json"));
    putSettings(data);
    return data;
  }

  private void putSettings(ObjectNode data) throws IOException {
    Optional<String> text = text("config.conf");
    if (text.isEmpty()) {
      return;
    }
    JsonNode config = settings(text.get());
    data.set("config", config);
    data.set("defaults", settings(ConfLoader.load(List.of(), List.of()).effective()));
    data.set("statistics", statistics(config.path("data").path("train").asText("")));
  }

  private static JsonNode settings(String text) throws IOException {
    return MAPPER.readTree(ConfLoader.json(new ConfLoader.Source("config.conf", text)));
  }

  /** Without its vectors, which are thousands of numbers. */
  private JsonNode statistics(String pairs) {
    ObjectNode told = MAPPER.createObjectNode();
    if (pairs.isEmpty()) {
      return told;
    }
    PreparedFolder.statisticsOf(hadoop, pairs)
        .ifPresent(all -> all.fields().forEachRemaining(field -> putUnlessVector(told, field)));
    return told;
  }

  private static void putUnlessVector(ObjectNode told, Map.Entry<String, JsonNode> field) {
    if (!field.getValue().isArray()) {
      told.set(field.getKey(), field.getValue());
    }
  }

  private JsonNode file(String name) throws IOException {
    Optional<String> text = text(name);
    return text.isPresent() ? MAPPER.readTree(text.get()) : MAPPER.nullNode();
  }

  private Optional<String> text(String name) throws IOException {
    Path file = new Path(run, name);
    if (!fs.exists(file)) {
      return Optional.empty();
    }
    try (InputStream in = fs.open(file)) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
