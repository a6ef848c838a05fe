/* Words and tables: the title, the figures below it, the data, the configuration. */
const STATES = { LEARNING: "Learning", NOT_YET: "Not learning yet", UNKNOWN: "Not measured yet" };

function title() {
  document.title = `${report.run} · training report`;
  byId("run").textContent = report.run;
  byId("state").textContent = STATES[report.verdict.state];
  byId("state").dataset.state = report.verdict.state;
  byId("sentence").textContent = report.verdict.sentence;
}

function figures() {
  const totals = report.totals;
  const best = validations.find((v) => v.round === report.verdict.best);
  const sample = best && (best.samples || []).slice().sort((a, b) => rank(b) - rank(a))[0];
  const loss = report.metrics.loss || [];
  const told = [
    ["rounds", whole(totals.rounds), `step ${whole(report.metrics.step?.slice(-1)[0] || 0)}`],
    sample && ["cosine to own image", fixed(sample.cosine_predicted_image), `mean image ${fixed(sample.cosine_mean_image)}`],
    best && ["validation loss", number((best.ema || best.online)?.loss, 3), `best round ${whole(best.round)}`],
    ["training loss", number(loss[loss.length - 1], 3), `first ${number(loss[0], 3)}`],
    ["pairs seen", whole(totals.rows || 0), totals.skipped ? `${whole(totals.skipped)} could not be read` : ""],
    ["pairs a second", totals.seconds ? whole(totals.rows / totals.seconds) : "–", "of all workers"],
    ["time", duration(totals.seconds || 0), "in rounds"],
    totals.non_finite_workers && ["not finite", whole(totals.non_finite_workers), "workers' rounds"],
  ];
  byId("figures").append(...told.filter(Boolean).map(([name, value, note]) =>
    make("div", {}, make("dt", {}, name), make("dd", {}, value, make("small", {}, note)))));
}

/* Nested objects as [path, value], arrays and null as values. */
function flat(value, path = "") {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, path ? `${path}.${key}` : key));
}

const shownValue = (value) => typeof value === "string" ? value : JSON.stringify(value);
const row = (cells, tag = "td") => make("tr", {}, ...cells.map(([text, kind]) => make(tag, { class: kind || "" }, text)));

function statisticsTable() {
  const { splits, ...others } = report.statistics;
  const table = byId("statistics-table");
  for (const [key, value] of flat(others)) table.append(row([[key.replaceAll("_", " "), ""], [typeof value === "number" ? number(value, 5) : shownValue(value), "number"]]));
  for (const [name, split] of Object.entries(splits || {})) {
    table.append(row([[name, ""], [`${whole(split.rows)} pairs, baseline cosine ${number(split.baseline_cosine)}`, "number"]]));
  }
}

function testTable() {
  for (const [key, value] of flat(report.test)) byId("test-table").append(row([[key, "key"], [shownValue(value), "number"]]));
}

function settingsTable() {
  const defaults = new Map(flat(report.defaults));
  const all = flat(report.config);
  const changed = ([key, value]) => JSON.stringify(defaults.get(key) ?? null) !== JSON.stringify(value);
  const show = () => {
    const part = byId("find-setting").value.trim().toLowerCase();
    const only = byId("changed-settings").checked && !part;
    const rows = all.filter((setting) => (!only || changed(setting)) && setting[0].toLowerCase().includes(part));
    byId("settings-table").replaceChildren(
      row([["key"], ["in this run"], ["default"]], "th"),
      ...rows.map(([key, value]) => row([[key, "key"], [shownValue(value)], [changed([key, value]) && defaults.has(key) ? shownValue(defaults.get(key)) : ""]])));
  };
  byId("find-setting").oninput = show;
  byId("changed-settings").onchange = show;
  show();
}
