/* What every round measures: loss, rate, gradient, speed. */
const rounds = report.metrics.round || [];
const validations = report.validation || [];
const column = (name) => rounds.map((round, i) => [round, report.metrics[name]?.[i] ?? null]);
const validated = (value) =>
  validations.map((v) => [v.round, value(v) ?? null]).filter((p) => p[1] !== null);

/* Marks the best round. */
function withBest(colour, option) {
  const best = report.verdict.best;
  if (best && best >= fromRound) {
    option.grid.top = 20;
    option.series[0].markLine = {
      silent: true, symbol: "none", lineStyle: { color: colour.soft, type: "dotted", width: 1 },
      label: { color: colour.soft, fontSize: 11, formatter: "best" }, data: [{ xAxis: best }],
    };
  }
  return option;
}

function lossChart() {
  const online = validated((v) => v.online?.loss);
  const ema = validated((v) => v.ema?.loss);
  draw("loss-chart", {
    label: "Training and validation loss over rounds",
    names: ["training", ...(online.length ? ["validation"] : []), ...(ema.length ? ["validation, moving average"] : [])],
    build: (colour) => withBest(colour, overRounds(colour, { type: byId("log-loss").checked ? "log" : "value" }, [
      line("training", colour.e, column("loss"), { showSymbol: false, lineStyle: { width: 1.2 } }),
      ...(online.length ? [line("validation", colour.b, online, { lineStyle: { type: "dashed" } })] : []),
      ...(ema.length ? [line("validation, moving average", colour.a, ema)] : []),
    ])),
  });
}

function stepCharts() {
  const one = (id, title, key, shade) => draw(id, {
    label: title + " over rounds", title,
    build: (colour) => overRounds(colour, { scale: false, axisLabel: { color: colour.soft, fontSize: 11, formatter: (v) => number(v, 3) } },
      [line(title, colour[shade], column(key), { showSymbol: false, lineStyle: { width: 1.4 } })]),
  });
  one("gradient-chart", "Gradient norm", "grad_norm", "d");
  one("rate-chart", "Learning rate", "lr", "c");
}

const PARTS = [["train", "a", "optimizer steps"], ["read", "c", "reading"], ["serialise", "d", "serialising"], ["aggregate", "b", "aggregating"]];

/* ECharts sums what lies above one another only over categories. */
function stacked(colour, series) {
  const option = overRounds(colour, { scale: false }, series);
  option.xAxis = { ...option.xAxis, type: "category", boundaryGap: false, min: null, max: null, data: option.series[0].data.map((p) => p[0]) };
  option.tooltip = base(colour).tooltip;
  for (const s of option.series) s.data = s.data.map((p) => p[1]);
  return option;
}

function speedCharts() {
  const totals = report.totals;
  const sum = PARTS.reduce((all, [part]) => all + totals[part + "_seconds"], 0);
  const share = ([part, , name]) => `${name} ${Math.round(100 * totals[part + "_seconds"] / sum)} %`;
  if (sum) {
    byId("budget").textContent = `${duration(totals.seconds)} in all: ${PARTS.map(share).join(", ")}. `
      + "Where serialising and aggregating take more than a tenth, a higher spark.averaging_frequency helps; where reading does, storage is slow.";
  }
  draw("throughput-chart", {
    label: "Pairs a second of all workers over rounds", title: "Pairs a second, all workers",
    build: (colour) => overRounds(colour, { scale: false },
      [line("pairs a second", colour.a, column("rows_per_second"), { showSymbol: false, lineStyle: { width: 1.3 } })]),
  });
  draw("budget-chart", {
    label: "Seconds of each round by what they went to", title: "Seconds of a round",
    names: PARTS.map((part) => part[2]),
    build: (colour) => stacked(colour, PARTS.map(([part, shade, name]) =>
      line(name, colour[shade], column(part + "_seconds"), { stack: "round", showSymbol: false, areaStyle: { opacity: 0.65 }, lineStyle: { width: 0.6 } }))),
  });
}
