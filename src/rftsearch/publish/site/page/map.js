// The map: papers with similar texts lie close together. Drawn on a canvas; the same papers can
// be reached by the list, which stands below it.

import { button, fill, make } from "./dom.js";

const EDGE = 16;
const NEAR = 14;
const SHAPES = 4;

export class PaperMap {
  constructor(page, element) {
    this.page = page;
    this.element = element;
    this.view = { x: 0, y: 0, size: 1 };
    this.canvas = make("canvas", {
      tabindex: "0", role: "img", "aria-label": "Map of the papers; the list below has the same papers",
      click: (event) => this.#choose(event),
      mousemove: (event) => this.#name(event),
      wheel: (event) => this.#zoom(event),
    });
    this.name = make("p.note.standing", { role: "status" });
    const about = fill(page.texts.map.about, { method: page.engine.settings.map.method });
    element.replaceChildren(make("section.plot", { "aria-label": "Map" },
      make("p.note.about", {}, about),
      make("div.tools", {}, make("span.zoom", { role: "group", "aria-label": "Zoom" },
        button("", "−", () => this.#scale(1 / 1.5), { "aria-label": "Zoom out" }),
        button("", "+", () => this.#scale(1.5), { "aria-label": "Zoom in" }),
        button("", "Whole map", () => this.#whole()))),
      make("div.canvas", {}, this.canvas), this.name));
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  /** Show which papers pass and which are in the answer. */
  show(allowed, shown) {
    Object.assign(this, { allowed, shown: new Set(shown) });
    this.draw();
  }

  #place(row) {
    const at = this.page.engine.settings.map.places[row];
    if (!at?.length) return null;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const { x, y, size } = this.view;
    return [
      EDGE + (at[0] - x) * size * (width - 2 * EDGE),
      EDGE + (1 - at[1] - y) * size * (height - 2 * EDGE),
    ];
  }

  draw() {
    const { canvas, page } = this;
    if (!canvas.clientWidth) return;
    const scale = devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * scale;
    canvas.height = canvas.clientHeight * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    const dot = getComputedStyle(document.documentElement).getPropertyValue("--dot");
    for (const strong of [false, true]) {
      page.engine.records.forEach((record, row) => {
        const at = this.#place(row);
        if (!at || (this.shown?.has(row) ?? false) !== strong) return;
        const passes = !this.allowed || this.allowed[row];
        const faint = !passes || (this.shown?.size && !strong);
        pen.globalAlpha = strong ? 1 : faint ? 0.18 : 0.8;
        pen.fillStyle = `oklch(${dot} ${page.engine.settings.hues[record.categories[0]]})`;
        drawShape(pen, record.categories[0] % SHAPES, at, strong ? 6 : 4);
      });
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

/** Draw a disc, square, diamond or triangle: colour alone does not tell categories apart. */
function drawShape(pen, shape, [x, y], size) {
  pen.beginPath();
  if (shape === 0) pen.arc(x, y, size, 0, 2 * Math.PI);
  else if (shape === 1) pen.rect(x - size + 0.5, y - size + 0.5, 2 * size - 1, 2 * size - 1);
  else {
    const corners = shape === 2
      ? [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]]
      : [[0, -1.2], [1.15, 0.9], [-1.15, 0.9]];
    corners.forEach(([right, down], at) => {
      pen[at ? "lineTo" : "moveTo"](x + right * size, y + down * size);
    });
    pen.closePath();
  }
  pen.fill();
}
