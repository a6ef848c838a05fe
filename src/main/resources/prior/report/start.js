/* Which sections there are, and what the controls above the curves do. */
const has = {
  validation: validations.length > 0,
  picture: Boolean(report.picture?.histograms || report.picture?.projection),
  test: Boolean(report.test),
  statistics: Boolean(report.statistics && Object.keys(report.statistics).length),
  config: Boolean(report.config),
};

function sections() {
  for (const section of document.querySelectorAll("section")) {
    section.hidden = section.dataset.needs !== undefined && !has[section.dataset.needs];
    if (section.hidden) continue;
    byId("contents").append(make("li", {}, make("a", { href: "#" + section.id }, section.dataset.name)));
  }
}

function roundControl() {
  const slider = byId("from-round");
  const show = () => {
    fromRound = Number(slider.value);
    byId("from-round-shown").textContent = fromRound || rounds[0] || 0;
  };
  slider.max = rounds[Math.max(rounds.length - 2, 0)] || 0;
  slider.oninput = () => {
    show();
    redrawAll();
  };
  byId("log-loss").onchange = redrawAll;
  show();
}

title();
figures();
sections();
roundControl();
if (rounds.length) {
  lossChart();
  stepCharts();
  speedCharts();
}
if (has.validation) {
  qualityCards();
  timestepsChart();
}
if (report.picture?.histograms) similarityChart();
if (report.picture?.projection) projectionChart();
if (has.test) testTable();
if (has.statistics) statisticsTable();
if (has.config) settingsTable();
