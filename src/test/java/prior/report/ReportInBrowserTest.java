package prior.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * report.html in headless Chromium: seen, pointed at, clicked and typed into. Pictures of the whole
 * page are left in target/report. Skipped, aloud, where there is no Chromium.
 */
class ReportInBrowserTest {
  private static Path file;
  private static Browser browser;

  @BeforeAll
  static void openAReport(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(
        Browser.installed().isPresent(), "no chromium on the PATH: report.html was not opened");
    Path run = SomeRun.validated(folder.resolve("a <b>run"), 100);
    Report.write(new Configuration(), run.toString());
    file = run.resolve(Report.FILE_NAME);
    browser = new Browser(Browser.installed().orElseThrow(), folder.resolve("profile"));
  }

  @AfterAll
  static void close() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    browser.looks(1200, 900, "light");
    browser.open(file);
  }

  /** What is wrong on a page tells the console; a report asks the network for nothing. */
  private static void assertQuiet() {
    assertThat(browser.events("Runtime.exceptionThrown")).isEmpty();
    assertThat(browser.events("Runtime.consoleAPICalled")).isEmpty();
    assertThat(browser.events("Log.entryAdded")).isEmpty();
    assertThat(browser.events("Network.requestWillBeSent"))
        .extracting(event -> event.at("/request/url").asText())
        .containsOnly(file.toUri().toString());
  }

  private static String text(String selector) throws Exception {
    return browser.ask("document.querySelector('" + selector + "').innerText").asText();
  }

  /** The middle of what a selector finds, scrolled into sight. */
  private static double[] middle(String selector) throws Exception {
    JsonNode box =
        browser.ask(
            "(() => { const e = document.querySelector('%s'); e.scrollIntoView({block: 'center'});"
                    .formatted(selector)
                + " const b = e.getBoundingClientRect();"
                + " return [b.x + b.width / 2, b.y + b.height / 2, b.x, b.y]; })()");
    browser.settle();
    return new double[] {
      box.path(0).asDouble(), box.path(1).asDouble(), box.path(2).asDouble(), box.path(3).asDouble()
    };
  }

  private static void click(String selector) throws Exception {
    double[] at = middle(selector);
    browser.mouse("mouseMoved", at[0], at[1]);
    browser.mouse("mousePressed", at[0], at[1]);
    browser.mouse("mouseReleased", at[0], at[1]);
  }

  @Test
  void theVerdictAndWhatStrangersWroteAreShownAsText() throws Exception {
    assertThat(text("h1")).startsWith("It learns: predictions of round 80").contains("0.880");
    assertThat(text("#run")).isEqualTo("a <b>run");
    assertThat(text("#settings-table")).contains(SomeRun.HOSTILE);
    assertThat(browser.ask("typeof window.broken").asText()).isEqualTo("undefined");
    assertQuiet();
  }

  @ParameterizedTest
  @CsvSource({"1200,light", "1200,dark", "390,light", "390,dark"})
  void everyChartIsDrawnAndThePageFitsItsWindow(int width, String scheme) throws Exception {
    browser.looks(width, 900, scheme);
    browser.open(file);
    assertThat(browser.ask("document.documentElement.scrollWidth").asInt()).isEqualTo(width);
    JsonNode paths =
        browser.ask(
            "[...document.querySelectorAll('.drawn')].map(d => d.querySelectorAll('path').length)");
    assertThat(paths).hasSize(14).allMatch(count -> count.asInt() > 1);
    browser.screenshot(Path.of("target", "report", width + "-" + scheme + ".png"));
    assertQuiet();
  }

  @Test
  void pointingAtACurveTellsItsValues() throws Exception {
    double[] at = middle("#loss-chart .drawn");
    browser.mouse("mouseMoved", at[0], at[1]);
    String told = text("#loss-chart .drawn > div:last-child");
    assertThat(told).contains("training", "validation", "validation, moving average");
    assertQuiet();
  }

  @Test
  void arrowKeysWalkAlongACurve() throws Exception {
    browser.ask("document.querySelector('#loss-chart .drawn').focus()");
    for (int i = 0; i < 4; i++) {
      browser.press("ArrowRight", 39);
    }
    assertThat(text("#loss-chart .drawn > div:last-child")).contains("training", "0.25");
    assertQuiet();
  }

  @Test
  void aClickOnTheLegendHidesACurve() throws Exception {
    String curves =
        "document.querySelectorAll('#loss-chart path[fill=\"transparent\"],"
            + "#loss-chart path[fill=\"none\"]').length";
    int before = browser.ask(curves).asInt();
    click("#loss-chart .legend button");
    assertThat(text("#loss-chart .legend button[aria-pressed=false]")).isEqualTo("training");
    assertThat(browser.ask(curves).asInt()).isLessThan(before);
    assertQuiet();
  }

  @Test
  void pointingAtAPredictionJoinsItWithItsImage() throws Exception {
    double[] chart = middle("#projection-chart .drawn");
    JsonNode point =
        browser.ask(
            "charts.find(c => c.drawn.closest('#projection-chart')).drawing"
                + ".convertToPixel({seriesIndex: 1}, [6, 1])");
    double x = chart[2] + point.path(0).asDouble();
    double y = chart[3] + point.path(1).asDouble();
    browser.mouse("mouseMoved", x, y + 40);
    browser.mouse("mouseMoved", x, y);
    assertThat(text("#pair-shown")).isEqualTo("7 of " + SomeRun.PAIRS + ", 1 apart");
    browser.ask("document.querySelector('#pair').focus()");
    browser.press("ArrowRight", 39);
    assertThat(text("#pair-shown")).startsWith("8 of ");
    assertQuiet();
  }

  @Test
  void controlsChangeWhatIsShown() throws Exception {
    click("#log-loss");
    click("#all-pairs");
    click("#changed-settings");
    assertThat(text("#settings-table")).contains("train.betas");
    browser.ask("{ const f = byId('find-setting'); f.value = 'warmup'; f.oninput(); }");
    assertThat(text("#settings-table")).contains("train.warmup_steps").doesNotContain("train.lr");
    browser.ask("{ const s = byId('sampling'); s.selectedIndex = 1; s.onchange(); }");
    assertThat(text("#quality-cards .card b")).isEqualTo("0.780");
    browser.ask("{ const s = byId('from-round'); s.value = 50; s.oninput(); }");
    assertThat(text("#from-round-shown")).isEqualTo("50");
    assertQuiet();
  }

  @Test
  void aRunWithoutValidationShowsWhatThereIs(@TempDir Path folder) throws Exception {
    Path run = SomeRun.trained(folder.resolve("run"), 1);
    Report.write(new Configuration(), run.toString());
    browser.open(run.resolve(Report.FILE_NAME));
    List<String> sections = List.of(text("#contents").split("\n"));
    assertThat(sections).containsExactly("Loss", "Rate and gradient", "Speed", "Configuration");
    assertThat(browser.events("Runtime.exceptionThrown")).isEmpty();
  }
}
