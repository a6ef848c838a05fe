/* What validation measures of sampled predictions, and of the loss within bands of timesteps. */
const DATA = "of the data itself";
const CARDS = [
  { title: "Cosine to own image", lines: [["cosine_predicted_image", "a", "predicted"], ["cosine_mean_image", "e", "mean image"]], band: [0.75, 1],
    how: "Higher is better, but it rewards the mean image; below the dashed line a constant guess does as well.",
    judge: (s) => s.cosine_predicted_image <= s.cosine_mean_image ? ["bad", "no better than the mean image"] : ["good", "above the mean image"] },
  { title: "Diversity", lines: [["diversity", "d", "1 − cosine of two samples"]],
    how: "How far two samples of one text lie apart. Near 0 each text has one answer: the model has settled on a mean." },
  { title: "Retrieval", percent: true, lines: [["recall_at_10", "c", "first 10"], ["recall_at_5", "b", "first 5"], ["recall_at_1", "a", "nearest"]], shown: "recall_at_1",
    how: "How often the own image is the nearest to the prediction of all validated, or among the nearest. The mean image cannot score here." },
  { title: "Cosine to own text", lines: [["cosine_predicted_text", "a", "predicted"], ["cosine_text_image", "e", DATA]],
    how: "Should come near the dashed line, which true images have; higher means predictions imitate texts." },
  { title: "Difference of those two", lines: [["cosine_difference", "b", "difference"]], band: [-0.02, 0.02], step: 0.02,
    how: "The gap to the dashed line of the chart before; within 0.02 of zero is good.",
    judge: (s) => Math.abs(s.cosine_difference) <= 0.02 ? ["good", "within the band"] : ["bad", "outside the band"] },
  { title: "Cosine to another text", lines: [["cosine_predicted_unrelated_text", "b", "predicted"]], band: [0, 0.1],
    how: "Should be low: high means all predictions are alike. Texts that are alike raise it too.",
    judge: (s) => s.cosine_predicted_unrelated_text < 0.1 ? ["good", "within the band"] : ["bad", "above the band"] },
];

const nameOf = (sample) => `${sample.weights === "ema" ? "the moving average" : "the weights"}, ${sample.steps} steps`;
const rank = (sample) => (sample.weights === "ema" ? 1e9 : 0) + sample.steps;

function samplings() {
  const found = new Map();
  for (const v of validations) for (const s of v.samples || []) found.set(nameOf(s), s);
  return [...found.values()].sort((a, b) => rank(b) - rank(a)).map(nameOf);
}

const sampled = (validation) => (validation.samples || []).find((s) => nameOf(s) === byId("sampling").value);
const curve = (key) => validated((v) => sampled(v)?.[key]);
const bestSample = () => {
  const best = validations.find((v) => v.round === report.verdict.best);
  return (best && sampled(best)) || validations.map(sampled).filter(Boolean).pop() || {};
};

function bandOf(card, colour) {
  return card.band && {
    silent: true, itemStyle: { color: colour.band },
    data: [[{ yAxis: card.band[0] }, { yAxis: card.band[1] }]],
  };
}

function cardOption(card, colour) {
  const values = card.lines.flatMap(([key]) => curve(key).map((p) => p[1]));
  const shown = card.percent ? (v) => Math.round(100 * v) + " %" : (v) => number(v, 3);
  const option = overRounds(colour, {
    ...(card.percent ? { min: 0, max: 1, interval: 0.25 } : { splitNumber: 3 }),
    axisLabel: { color: colour.soft, fontSize: 11, formatter: shown },
    ...ends(card, values),
  }, card.lines.map(([key, shade, name], i) => line(name, colour[shade], curve(key), {
    lineStyle: { type: shade === "e" ? "dashed" : "solid" }, ...(shade === "e" ? { showSymbol: false } : {}),
    ...(i === 0 && card.band ? { markArea: bandOf(card, colour) } : {}),
  })));
  return withBest(colour, option);
}

/* With the band's inner edge in sight, to round numbers. */
function ends(card, values) {
  if (!card.band) return {};
  const seen = [...values, ...card.band.filter((edge) => edge !== 0 && edge !== 1)];
  return { min: tidy(Math.min(...seen), Math.floor, card.step), max: tidy(Math.max(...seen), Math.ceil, card.step) };
}

/* An end of the axis that is a round number. */
const tidy = (value, towards, step = 0.05) => Number((towards(value / step) * step).toFixed(2));

function words(card, place) {
  const best = bestSample();
  const value = best[card.shown || card.lines[0][0]];
  place.value.textContent = card.percent && Number.isFinite(value) ? (100 * value).toFixed(1) + " %" : fixed(value);
  const [state, said] = card.judge ? card.judge(best) : ["", ""];
  place.verdict.className = "verdict " + state;
  place.verdict.textContent = said;
}

function qualityCards() {
  const select = byId("sampling");
  select.append(...samplings().map((name) => make("option", {}, name)));
  byId("sampling-label").hidden = select.options.length < 2;
  const measured = (card) => curve(card.lines[0][0]).some((p) => Number.isFinite(p[1]));
  const placed = CARDS.filter(measured).map((card, i) => {
    const place = { value: make("b"), verdict: make("p") };
    const figure = make("figure", { class: "chart small", id: "quality-" + i });
    byId("quality-cards").append(make("div", { class: "card" },
      make("h3", {}, card.title, place.value), figure, make("p", {}, card.how), place.verdict));
    draw(figure.id, {
      label: card.title + " over rounds. " + card.how,
      names: card.lines.length > 1 ? card.lines.map((l) => l[2]) : [],
      build: (colour) => cardOption(card, colour),
    });
    words(card, place);
    return [card, place];
  });
  select.onchange = () => {
    placed.forEach(([card, place]) => words(card, place));
    redrawAll();
  };
}

function timestepsChart() {
  const weights = (v) => v.ema || v.online;
  const best = validations.find((v) => v.round === report.verdict.best);
  const told = new Map([[validations[0], "e"], [best, "a"], [validations[validations.length - 1], "b"]]
    .filter(([v]) => v && weights(v)?.loss_by_time));
  const series = [...told].map(([v, shade]) => [`round ${v.round}${v === best ? ", the best" : ""}`, shade, weights(v).loss_by_time]);
  draw("timesteps-chart", {
    label: "Validation loss in ten bands of timesteps, first, best and last validation",
    names: series.map((s) => s[0]),
    build: (colour) => ({
      ...base(colour),
      tooltip: { ...base(colour).tooltip, axisPointer: { type: "shadow" } },
      xAxis: axis(colour, { type: "category", name: "timesteps", nameGap: 24, splitLine: { show: false },
        data: series[0][2].map((_, i) => `${i * 10}–${i * 10 + 10} %`) }),
      yAxis: axis(colour, {}),
      series: series.map(([name, shade, data]) => ({ type: "bar", name, data, barGap: "8%", barCategoryGap: "28%", itemStyle: { color: colour[shade], borderRadius: [2, 2, 0, 0] } })),
    }),
  });
}
