/* The last validation as pictures: histograms of cosines, and embeddings in two dimensions. */
const KINDS = [["own_image", "a", "with own image"], ["unrelated_image", "b", "with another image"], ["mean_image", "e", "mean image with own image"]];

function similarityChart() {
  const histograms = report.picture.histograms;
  const edges = histograms.edges;
  const used = edges.slice(1).map((_, i) => KINDS.some(([key]) => histograms[key]?.[i]));
  const first = Math.max(used.indexOf(true) - 1, 0);
  const last = Math.min(used.lastIndexOf(true) + 1, used.length - 1);
  const shares = (key) => {
    const sum = histograms[key].reduce((a, b) => a + b, 0) || 1;
    const steps = histograms[key].map((count, i) => [edges[i], 100 * count / sum]).slice(first, last + 1);
    return [...steps, [edges[last + 1], steps[steps.length - 1][1]]];
  };
  const kinds = KINDS.filter(([key]) => histograms[key]);
  draw("similarity-chart", {
    label: "Histograms of the cosine of predictions with their own image, with another image, and of the mean image",
    names: kinds.map((kind) => kind[2]),
    build: (colour) => ({
      ...base(colour),
      tooltip: { ...base(colour).tooltip, axisPointer: { lineStyle: { color: colour.soft }, label: { precision: 2 } },
        valueFormatter: (v) => number(v, 3) + " %" },
      xAxis: axis(colour, { name: "cosine", nameGap: 24, min: edges[first], max: edges[last + 1], splitLine: { show: false },
        axisLabel: { color: colour.soft, fontSize: 11, formatter: (v) => number(v, 2) } }),
      yAxis: axis(colour, { axisLabel: { color: colour.soft, fontSize: 11, formatter: "{value} %" } }),
      series: kinds.map(([key, shade, name]) => line(name, colour[shade], shares(key), {
        step: "end", showSymbol: false, areaStyle: { color: colour[shade], opacity: 0.16 }, lineStyle: { width: 1.6, type: shade === "e" ? "dashed" : "solid" },
      })),
    }),
  });
}

function projectionChart() {
  const { predicted, image } = report.picture.projection;
  const slider = byId("pair");
  slider.max = predicted.length - 1;
  let chosen = null;
  const ends = (i) => [predicted[i], image[i]];
  const reach = (axis) => {
    const values = [...predicted, ...image].map((p) => p[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return { min: low - (high - low) / 20, max: high + (high - low) / 20 };
  };
  const cloud = (name, colour, data, more) => ({ type: "scatter", name, data, symbolSize: 6, cursor: "pointer", itemStyle: { color: colour, opacity: 0.75 }, ...more });
  const joined = (colour) => byId("all-pairs").checked
    ? [{ type: "line", name: "all", silent: true, symbol: "none", z: 1, lineStyle: { width: 0.7, color: colour.e, opacity: 0.6 }, data: predicted.flatMap((_, i) => [...ends(i), [null, null]]) }]
    : [];
  const chart = draw("projection-chart", {
    label: "Predicted and true image embeddings along the first two principal axes of the true ones",
    names: ["true", "predicted"],
    build: (colour) => ({
      ...base(colour),
      tooltip: { show: false },
      xAxis: axis(colour, { ...reach(0), name: "first axis", nameGap: 8, axisLabel: { show: false } }),
      yAxis: axis(colour, { ...reach(1), name: "second axis", nameGap: 8, axisLabel: { show: false } }),
      series: [
        cloud("true", colour.a, image, {}),
        cloud("predicted", colour.b, predicted, {}),
        ...joined(colour),
        { type: "line", id: "pair", name: "pair", silent: true, z: 5, symbol: "circle", symbolSize: 11, itemStyle: { color: colour.ink }, lineStyle: { width: 2.5, color: colour.ink }, data: chosen === null ? [] : ends(chosen) },
      ],
    }),
  });
  const choose = (i) => {
    if (i === chosen) return;
    chosen = i;
    slider.value = i;
    const [[px, py], [tx, ty]] = ends(i);
    byId("pair-shown").textContent = `${i + 1} of ${predicted.length}, ${number(Math.hypot(px - tx, py - ty), 3)} apart`;
    chart.drawing.setOption({ series: [{ id: "pair", data: ends(i) }] });
  };
  const pointed = (event) => { if (event.componentType === "series" && event.seriesType === "scatter") choose(event.dataIndex); };
  chart.drawing.on("mouseover", pointed);
  chart.drawing.on("click", pointed);
  slider.oninput = () => choose(Number(slider.value));
  byId("all-pairs").onchange = () => redraw(chart);
  byId("pair-shown").textContent = `of ${predicted.length}`;
}
