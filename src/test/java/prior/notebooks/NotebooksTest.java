package prior.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import prior.checkpoint.Location;
import prior.data.spark.PreparedFolder;
import prior.infer.TrainedPrior;

/** The notebooks run from a finished demo, cell by cell, and say what our own files say. */
class NotebooksTest {
  private static final double EXACT = 1e-12;

  @Test
  void theyLieInGitWithoutOutputs() throws Exception {
    assertThat(Notebook.all()).hasSize(4);
    for (Notebook notebook : Notebook.all()) {
      String name = notebook.file().toString();
      assertThat(notebook.json().path("nbformat").asInt()).as(name).isEqualTo(4);
      for (JsonNode cell : notebook.json().path("cells")) {
        assertThat(cell.path("id").asText()).as(name).isNotEmpty();
        if (cell.path("cell_type").asText().equals("code")) {
          assertThat(cell.path("outputs")).as(name).isEmpty();
          assertThat(cell.path("execution_count").isNull()).as(name).isTrue();
        }
      }
    }
  }

  @Test
  void theyCanBeReadWithoutRunning() throws Exception {
    for (Notebook notebook : Notebook.all()) {
      String name = notebook.file().toString();
      List<String> prose = notebook.cells("markdown");
      assertThat(prose.get(0)).as(name).contains("**Question:**", "**Needs:**", "**Takes**");
      assertThat(String.join("\n", prose).split("\\s+")).as(name).hasSizeGreaterThan(150);
      String language = notebook.json().at("/metadata/kernelspec/language").asText();
      assertThat(language).as(name).isEqualTo(name.contains("python") ? "python" : "java");
    }
  }

  @Test
  void everyLinkInThemLeadsToAFile() throws Exception {
    for (Notebook notebook : Notebook.all()) {
      for (String prose : notebook.cells("markdown")) {
        Pattern.compile("\\]\\(([^)h][^)]*)\\)")
            .matcher(prose)
            .results()
            .forEach(
                link ->
                    assertThat(notebook.file().resolveSibling(link.group(1)).normalize())
                        .as(notebook.file().toString())
                        .exists());
      }
    }
  }

  @Test
  void shardsAreLookedAt() throws Exception {
    FinishedDemo demo = FinishedDemo.get();
    try (JavaCells java = new JavaCells()) {
      String printed = java.run(Notebook.of("01-look-at-shards").code(demo));
      JsonNode stats =
          PreparedFolder.statisticsOf(new Configuration(), demo.folder().resolve("data").toString())
              .orElseThrow();
      assertThat(stats.path("rows").asInt()).isEqualTo(FinishedDemo.PAIRS);
      assertThat(java.value("rows"))
          .isEqualTo(
              "{TRAIN=%s, VAL=%s, TEST=%s}"
                  .formatted(
                      stats.at("/splits/train/rows"),
                      stats.at("/splits/val/rows"),
                      stats.at("/splits/test/rows")));
      assertThat(printed)
          .contains("clip             synthetic", "|-- image_embedding: array")
          .contains("row groups, %s rows".formatted(stats.at("/splits/train/rows")));
      double baseline = stats.path("baseline_cosine").asDouble();
      assertThat(java.number("ownMean")).isCloseTo(baseline, within(0.15));
      assertThat(java.number("otherMean")).isLessThan(baseline - 0.1);
    }
  }

  @Test
  void aRunIsRead() throws Exception {
    FinishedDemo demo = FinishedDemo.get();
    try (JavaCells java = new JavaCells()) {
      String printed = java.run(Notebook.of("02-read-a-run").code(demo));
      int rounds = Files.readAllLines(demo.run().resolve("metrics.jsonl")).size();
      assertThat(java.number("roundsDone")).isEqualTo(rounds);
      String best = Files.readString(demo.run().resolve("BEST")).strip();
      assertThat("round-%08d".formatted((long) java.number("bestRound"))).isEqualTo(best);
      assertThat(java.value("model.folder().name()")).isEqualTo('"' + best + '"');
      TrainedPrior model = TrainedPrior.open(Location.of(demo.run().toString()), List.of());
      assertThat(java.number("parameters")).isEqualTo(model.weights().length);
      assertThat(java.number("relative")).isBetween(1e-6, 1.0);
      JsonNode evaluation = demo.evaluation();
      assertThat(java.number("learned"))
          .isCloseTo(
              evaluation.path("cosine_predicted_image").asDouble()
                  - evaluation.path("cosine_mean_image").asDouble(),
              within(EXACT));
      assertThat(printed)
          .contains(Files.readString(demo.folder().resolve("eval/evaluation.txt")).strip());
    }
  }

  @Test
  void textsArePredictedAndSearchedWith() throws Exception {
    FinishedDemo demo = FinishedDemo.get();
    try (JavaCells java = new JavaCells()) {
      String printed = java.run(Notebook.of("03-predict-and-search").code(demo));
      assertThat(java.number("difference")).isLessThan(1e-6);
      JsonNode evaluation = demo.evaluation();
      assertThat(java.number("queries")).isEqualTo(evaluation.path("rows").asInt());
      assertThat(java.number("toImage"))
          .isCloseTo(evaluation.path("cosine_predicted_image").asDouble(), within(1e-6));
      for (int k : new int[] {1, 5, 10}) {
        assertThat(java.number("recall.get(" + k + ")"))
            .as("recall@" + k)
            .isCloseTo(evaluation.path("recall_at_" + k).asDouble(), within(EXACT));
      }
      assertThat(java.number("textRecall")).isGreaterThan(10 / java.number("queries"));
      assertThat(printed).contains("16 steps", "recall@10 ");
    }
  }

  @Test
  void pythonReadsTheSame() throws Exception {
    PythonCells.assume("numpy, pyarrow");
    FinishedDemo demo = FinishedDemo.get();
    JsonNode found =
        PythonCells.run(
            Notebook.of("04-python").cells("code"),
            Path.of("notebooks"),
            Map.of("PRIOR_DEMO", demo.folder().toString()),
            "best_round,cosine,recall");
    String best = Files.readString(demo.run().resolve("BEST")).strip();
    assertThat("round-%08d".formatted(found.path("best_round").asLong())).isEqualTo(best);
    JsonNode evaluation = demo.evaluation();
    assertThat(found.path("cosine").asDouble())
        .isCloseTo(evaluation.path("cosine_predicted_image").asDouble(), within(1e-6));
    for (int k : new int[] {1, 5, 10}) {
      assertThat(found.path("recall").path("" + k).asDouble())
          .as("recall@" + k)
          .isCloseTo(evaluation.path("recall_at_" + k).asDouble(), within(EXACT));
    }
  }
}
