package prior.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** report.html as jsoup, an HTML parser that runs no scripts, reads it. */
class ReportTest {
  @TempDir private Path folder;

  private static Document report(Path run) throws IOException {
    Report.write(new Configuration(), run.toString());
    return Jsoup.parse(run.resolve(Report.FILE_NAME).toFile());
  }

  private static JsonNode data(Document page) throws IOException {
    return new ObjectMapper().readTree(page.getElementById("data").data());
  }

  @Test
  void allFilesOfTheRunAreInItsData() throws IOException {
    JsonNode data = data(report(SomeRun.validated(folder.resolve("run"), 100)));
    assertThat(data.path("run").asText()).isEqualTo("run");
    assertThat(data.path("verdict").path("state").asText()).isEqualTo("LEARNING");
    assertThat(data.path("verdict").path("best").asInt()).isEqualTo(80);
    assertThat(data.path("metrics").path("loss")).hasSize(100);
    assertThat(data.path("metrics").path("loss").path(49).asDouble()).isEqualTo(1 / 50.0);
    assertThat(data.path("totals").path("rows").asLong()).isEqualTo(6400);
    assertThat(data.path("validation")).hasSize(10);
    assertThat(data.path("picture").path("projection").path("image")).hasSize(SomeRun.PAIRS);
    assertThat(data.path("test").path("pairs").asInt()).isEqualTo(99);
    assertThat(data.path("statistics").path("clip").asText()).isEqualTo("ViT-L/14");
    assertThat(data.path("statistics").has("image_mean")).isFalse();
    assertThat(data.path("config").path("train").path("epochs").asInt()).isEqualTo(1);
  }

  @Test
  void whatStrangersWroteStaysText() throws IOException {
    Document page = report(SomeRun.validated(folder.resolve("run"), 10));
    assertThat(page.select("script").eachAttr("type")).containsExactly("application/json");
    assertThat(page.select("script")).hasSize(3);
    assertThat(data(page).at("/config/data/columns/key").asText()).isEqualTo(SomeRun.HOSTILE);
  }

  @Test
  void nothingIsLoadedFromElsewhere() throws IOException {
    Document page = report(SomeRun.validated(folder.resolve("run"), 10));
    for (Element element : page.select("[src], [href], [srcset], [data], [action]")) {
      assertThat(element.attr("href")).as(element.tagName()).matches("#content|data:,");
    }
    assertThat(page.select("style").html()).doesNotContain("url(", "@import");
  }

  @Test
  void theLibraryAndItsLicencesAreInside() throws IOException {
    String page = report(SomeRun.trained(folder.resolve("run"), 3)).outerHtml();
    assertThat(page)
        .contains(
            "Licensed to the Apache Software Foundation",
            "Copyright 2017-2022 The Apache Software Foundation",
            "Mike Bostock");
  }

  @Test
  void aLongRunIsDrawnWithAThousandPoints() throws IOException {
    Path run = SomeRun.trained(folder.resolve("run"), 20_000);
    JsonNode data = data(report(run));
    assertThat(data.path("metrics").path("round").size()).isBetween(600, 1000);
    assertThat(data.path("totals").path("rounds").asInt()).isEqualTo(20_000);
    assertThat(Files.size(run.resolve(Report.FILE_NAME))).isLessThan(1_100_000);
  }

  @Test
  void aRunWithNothingButRoundsHasAReport() throws IOException {
    Path run = SomeRun.trained(folder.resolve("run"), 3);
    Files.delete(run.resolve("config.conf"));
    Files.writeString(run.resolve("metrics.jsonl"), SomeRun.round(1) + "\n{\"round\":2,\"lo");
    JsonNode data = data(report(run));
    assertThat(data.path("totals").path("rounds").asInt()).isEqualTo(1);
    assertThat(data.path("validation")).isEmpty();
    assertThat(data.path("picture").isNull()).isTrue();
  }

  @Test
  void aNewReportReplacesTheOldOneAndLeavesNothingBeside() throws IOException {
    Path run = SomeRun.trained(folder.resolve("run"), 3);
    report(run);
    SomeRun.trained(run, 4);
    assertThat(data(report(run)).path("totals").path("rounds").asInt()).isEqualTo(4);
    try (Stream<Path> files = Files.list(run)) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      assertThat(names).noneMatch(name -> name.contains("writing"));
    }
  }

  @Test
  void aReportThatCannotBeWrittenHarmsNobody() throws IOException {
    Path run = SomeRun.trained(folder.resolve("run"), 3);
    Files.writeString(run.resolve("validation.json"), "{ no JSON");
    Report.write(new Configuration(), run.toString());
    Report.write(new Configuration(), "nosuchscheme://host/run");
    assertThat(run.resolve(Report.FILE_NAME)).doesNotExist();
  }
}
