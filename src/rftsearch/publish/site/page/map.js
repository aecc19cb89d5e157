// The map: papers with similar texts lie close together. Drawn on a canvas; the same papers can
// be reached by the list, which stands below it. `symbols.js` is that of the page of `rftsearch app`.

import { button, make, plural } from "./dom.js";
import { legend, showLegend } from "./legend.js";
import { isHollow, symbol, SYMBOLS } from "./symbols.js";

const EDGE = 16;
const NEAR = 14;
const DRAWN = 6; // how far the corners of a symbol are from its middle, as they are written down
const REGION = { size: 15, high: 22, letter: 4.6, edge: 12 }; // pixels; a letter: half its width

const corners = SYMBOLS.map(([, points, turn = 0]) => points && turned(points, (turn * Math.PI) / 180));

function turned(points, angle) {
  return points.split(" ").map((pair) => {
    const [x, y] = pair.split(",").map(Number);
    return [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)];
  });
}

export class PaperMap {
  constructor(page, element) {
    this.page = page;
    this.drawn = page.engine.settings.map;
    this.view = { x: 0, y: 0, size: 1 };
    this.canvas = make("canvas", {
      tabindex: "0", role: "img", "aria-label": "Map of the papers; the list below has the same papers",
      click: (event) => this.#choose(event),
      mousemove: (event) => this.#name(event),
      wheel: (event) => this.#zoom(event),
    });
    this.name = make("p.note.pointed", { role: "status" });
    this.standing = make("p.note.standing");
    this.legend = legend(page);
    element.replaceChildren(make("section.plot", { "aria-label": "Map" },
      make("div.tools", {}, make("span.zoom", { role: "group", "aria-label": "Zoom" },
        button("", "−", () => this.#scale(1 / 1.5), { "aria-label": "Zoom out" }),
        button("", "+", () => this.#scale(1.5), { "aria-label": "Zoom in" }),
        button("", "Whole map", () => this.#whole())), this.name),
      make("div.canvas", {}, this.canvas), this.standing,
      make("p.note.about", {}, this.drawn.about), this.legend));
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => requestAnimationFrame(() => this.draw()));
  }

  /** Show which papers pass and which are in the answer; `shown` is null if nothing was asked. */
  show(allowed, shown) {
    Object.assign(this, { allowed, shown: new Set(shown ?? []) });
    this.standing.textContent = this.#standing(shown);
    this.#showLegend();
    this.draw();
  }

  #standing(shown) {
    const passing = this.allowed?.reduce((sum, one) => sum + one, 0);
    if (shown) {
      const here = shown.filter((row) => this.drawn.places[row]?.length).length;
      const missing = shown.length - here;
      const rest = missing ? `; ${missing} ${missing === 1 ? "is" : "are"} not on the map` : "";
      return `${plural(here, ["paper of the list below is", "papers of the list below are"])} highlighted${rest}.`;
    }
    if (passing === undefined) return "";
    return `${plural(passing, ["paper passes", "papers pass"])} the filters; the others are faint.`;
  }

  #showLegend() {
    const { engine } = this.page;
    const counts = engine.categories.map(() => 0);
    engine.records.forEach(({ categories }, row) => {
      if (this.drawn.places[row]?.length) counts[categories[0]] += 1;
    });
    showLegend(this.page, this.legend, counts, symbol);
  }

  #pixels([across, up]) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const { x, y, size } = this.view;
    return [
      EDGE + (across - x) * size * (width - 2 * EDGE),
      EDGE + (1 - up - y) * size * (height - 2 * EDGE),
    ];
  }

  #place(row) {
    const at = this.drawn.places[row];
    return at?.length ? this.#pixels(at) : null;
  }

  draw() {
    const { canvas, page } = this;
    if (!canvas.clientWidth) return;
    const scale = devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * scale;
    canvas.height = canvas.clientHeight * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    const style = getComputedStyle(canvas);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    for (const strong of [false, true]) {
      page.engine.records.forEach((record, row) => {
        const at = this.#place(row);
        if (!at || (this.shown?.has(row) ?? false) !== strong) return;
        const passes = !this.allowed || this.allowed[row];
        const faint = !passes || (this.shown?.size && !strong);
        const [category] = record.categories;
        pen.globalAlpha = strong ? 1 : faint ? 0.18 : 0.8;
        pen.fillStyle = `oklch(${colour("dot")} ${page.engine.settings.hues[category]})`;
        drawSymbol(pen, category, at, strong ? 6 : 4.5, strong ? colour("text") : colour("surface"));
      });
    }
    pen.globalAlpha = 1;
    this.#nameRegions(pen, style.fontFamily, colour("soft"), colour("surface"));
  }

  /** Write the names of regions, none over another. */
  #nameRegions(pen, family, ink, paper) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const taken = [];
    Object.assign(pen, {
      font: `bold ${REGION.size}px ${family}`, textAlign: "center", textBaseline: "middle",
      lineWidth: 4, lineJoin: "round", strokeStyle: paper, fillStyle: ink,
    });
    for (const { words, x: across, y: up } of this.drawn.regions) {
      const [x, y] = this.#pixels([across, up]);
      const half = words.length * REGION.letter;
      if (x < half || y < REGION.edge || x > width - half || y > height - REGION.edge) continue;
      if (taken.some(([left, top, wide]) => Math.abs(x - left) <= half + wide && Math.abs(y - top) <= REGION.high)) continue;
      taken.push([x, y, half]);
      pen.strokeText(words, x, y);
      pen.fillText(words, x, y);
    }
  }

  #nearest(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let best = -1;
    let least = NEAR;
    this.page.engine.records.forEach((_, row) => {
      const at = this.#place(row);
      if (!at || (this.allowed && !this.allowed[row])) return;
      const away = Math.hypot(at[0] - x, at[1] - y);
      if (away < least) [best, least] = [row, away];
    });
    return best;
  }

  #choose(event) {
    const row = this.#nearest(event);
    if (row >= 0) this.page.like(row);
  }

  #name(event) {
    const row = this.#nearest(event);
    this.name.textContent = row < 0 ? "" : this.page.engine.records[row].title;
  }

  #zoom(event) {
    if (!event.ctrlKey) return; // The wheel alone scrolls the page.
    event.preventDefault();
    const box = this.canvas.getBoundingClientRect();
    this.#scale(event.deltaY < 0 ? 1.2 : 1 / 1.2, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }

  #scale(factor, x = 0.5, y = 0.5) {
    const size = Math.min(Math.max(this.view.size * factor, 1), 40);
    if (size === 1) return this.#whole();
    this.view.x += x / this.view.size - x / size;
    this.view.y += y / this.view.size - y / size;
    this.view.size = size;
    return this.draw();
  }

  #whole() {
    this.view = { x: 0, y: 0, size: 1 };
    this.draw();
  }
}

/** Draw the symbol of a category: colour alone does not tell categories apart. */
function drawSymbol(pen, category, [x, y], size, edge) {
  const shape = corners[category % SYMBOLS.length];
  pen.beginPath();
  if (shape) {
    shape.forEach(([right, down], at) => pen[at ? "lineTo" : "moveTo"](x + (right * size) / DRAWN, y + (down * size) / DRAWN));
    pen.closePath();
  } else pen.arc(x, y, (5.5 * size) / DRAWN, 0, 2 * Math.PI);
  const hollow = isHollow(category);
  Object.assign(pen, hollow ? { strokeStyle: pen.fillStyle, lineWidth: 1.8 } : { strokeStyle: edge, lineWidth: 0.6 });
  if (!hollow) pen.fill();
  pen.stroke();
}
