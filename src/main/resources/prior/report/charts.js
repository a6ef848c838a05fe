/* Charts that follow the colour scheme, the width, the keyboard and the printer. */
const charts = [];
let fromRound = 0;

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue("--" + name).trim();
  return Object.fromEntries(
    ["ink", "soft", "line", "card", "a", "b", "c", "d", "e", "band"].map((n) => [n, of(n)]));
}

const axis = (colour, more) => ({
  type: "value",
  nameTextStyle: { color: colour.soft },
  nameLocation: "middle",
  axisLabel: { color: colour.soft, fontSize: 11, hideOverlap: true },
  axisLine: { lineStyle: { color: colour.line } },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: colour.line, opacity: 0.7 } },
  ...more,
});

function base(colour) {
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 2, right: 24, top: 12, bottom: 24, containLabel: true },
    legend: { show: false, selected: {} },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: colour.card,
      borderColor: colour.line,
      textStyle: { color: colour.ink, fontSize: 12 },
      axisPointer: { lineStyle: { color: colour.soft }, label: { precision: 0 } },
      valueFormatter: (value) => number(Array.isArray(value) ? value[1] : value),
    },
  };
}

/* What each curve that is shown says nearest to a round, and where that is if it is elsewhere. */
function tip(option, round) {
  const shown = option.series.filter((s) => s.data.length && option.legend.selected[s.name] !== false);
  return make("div", {}, `round ${round}`, ...shown.map((s) => {
    const near = s.data.reduce((a, b) => Math.abs(b[0] - round) < Math.abs(a[0] - round) ? b : a);
    const swatch = make("i", { style: "--swatch:" + s.itemStyle.color });
    return make("div", { class: "tip" }, swatch, s.name, make("b", {}, number(near[1])),
      near[0] === round ? "" : make("small", {}, `round ${near[0]}`));
  }));
}

/* Over rounds: what is drawn begins where the reader says. */
function overRounds(colour, y, series) {
  const option = {
    ...base(colour),
    xAxis: axis(colour, {
      name: "round", nameGap: 24, min: fromRound || "dataMin", max: "dataMax",
      minInterval: 1, splitLine: { show: false },
    }),
    yAxis: axis(colour, { scale: true, ...y }),
    series: series.map((s) => ({ ...s, data: s.data.filter((p) => p[0] >= fromRound) })),
  };
  option.tooltip.formatter = (points) => tip(option, points[0].data[0]);
  return option;
}

function line(name, colour, data, more = {}) {
  const few = data.length <= 40;
  return {
    type: "line", name, data, zlevel: 0, /* or the library warns of it */ showSymbol: few, symbol: "circle", symbolSize: 5,
    itemStyle: { color: colour }, ...more,
    lineStyle: { width: 1.8, color: colour, ...more.lineStyle },
  };
}

/* A legend of buttons: they work by keyboard, and wrap where the page is narrow. */
function legend(chart, names) {
  const option = chart.build(colours());
  return make("div", { class: "legend" }, ...names.map((name) => {
    const series = option.series.find((s) => s.name === name);
    const kind = series.type === "scatter" ? "dot"
      : series.type === "bar" || series.areaStyle ? "filled" : series.lineStyle.type || "";
    const button = make("button", { type: "button", "aria-pressed": "true" }, make("i", { class: kind }), name);
    button.onclick = () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", shown);
      chart.selected[name] = shown;
      chart.drawing.dispatchAction({ type: "legendToggleSelect", name });
    };
    chart.swatches.push([button, name]);
    return button;
  }));
}

/* Left and right walk through the points of the longest curve. */
function walk(chart, event) {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const series = chart.drawing.getOption().series;
  const longest = series.reduce((best, s, i) => s.data.length > series[best].data.length ? i : best, 0);
  chart.at = Math.min(Math.max((chart.at ?? -1) + by, 0), series[longest].data.length - 1);
  chart.drawing.dispatchAction({ type: "showTip", seriesIndex: longest, dataIndex: chart.at });
}

/*
 * Puts a chart into a figure.
 * label: what it shows, for those who do not see it
 * build: its ECharts option from colours
 * names: the series in the legend
 */
function draw(id, { label, title, build, names = [] }) {
  const figure = byId(id);
  const drawn = make("div", { class: "drawn", role: "img", tabindex: "0", "aria-label": label });
  const chart = { build, drawn, swatches: [], selected: {} };
  if (title) figure.append(make("figcaption", {}, title));
  if (names.length) figure.append(legend(chart, names));
  figure.append(drawn);
  chart.drawing = echarts.init(drawn, null, { renderer: "svg" });
  drawn.addEventListener("keydown", (event) => walk(chart, event));
  drawn.addEventListener("blur", () => chart.drawing.dispatchAction({ type: "hideTip" }));
  new ResizeObserver(() => chart.drawing.resize()).observe(drawn);
  charts.push(chart);
  redraw(chart);
  return chart;
}

function redraw(chart) {
  const option = chart.build(colours());
  option.legend.selected = chart.selected;
  chart.drawing.setOption(option, true);
  for (const [button, name] of chart.swatches) {
    const series = option.series.find((s) => s.name === name);
    button.style.setProperty("--swatch", series.itemStyle.color);
  }
}

const redrawAll = () => charts.forEach(redraw);

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);
matchMedia("print").addEventListener("change", () => {
  charts.forEach((chart) => chart.drawing.resize());
  redrawAll();
});
