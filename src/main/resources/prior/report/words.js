/* The data, and numbers as words. */
const report = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

function number(value, digits = 4) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 0.001 || size >= 1e7) return value.toExponential(Math.max(digits - 2, 0)).replace(".0e", "e");
  return size >= 1000
    ? Math.round(value).toLocaleString("en")
    : String(Number(value.toPrecision(digits)));
}

const fixed = (value, digits = 3) =>
  Number.isFinite(value) ? value.toFixed(digits).replace("-", "−") : "–";
const whole = (value) => value >= 1e7
  ? value.toLocaleString("en", { notation: "compact", maximumFractionDigits: 1 })
  : Math.round(value).toLocaleString("en");

function duration(seconds) {
  const all = Math.round(seconds);
  const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  return h ? `${h}h ${m}m` : m ? `${m}m ${s}s` : `${s}s`;
}

/* An element with its text, which is never read as markup, and children. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
