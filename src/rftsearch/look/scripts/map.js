// The map. Its points are loaded once. Highlights, the selected paper and the visible part
// are redrawn when the view changes.

const FAINT = 0;
const PLAIN = 1;
const STRONG = 2;
const OPACITY = [0.16, 0.8, 1];
const POINTS = 1; // number of the trace of the points

let data = null; // the server's answer
let points = []; // one object for each paper
let byId = new Map();
let levels = []; // how strongly each is highlighted
let passing = null; // ids that pass the filters; null: all do
let chosen = { id: '', near: [] };
let focus = -1; // the point that the keyboard is on
let range = null; // the visible part: { x: [from, to], y: [from, to] }
let drawnWidth = 0; // width of the canvas when it was set

const canvas = part('.canvas');
const say = (words) => { part('.spoken').textContent = words; };

// --- data ---

async function load() {
  data = await server.map();
  chosen = { id: '', near: [] };
  const columns = Object.entries(data.points);
  points = data.points.id.map((_, at) => Object.fromEntries(columns.map(([name, all]) => [name, all[at]])));
  byId = new Map(points.map((point, at) => [point.id, at]));
  const places = new Map(data.categories.map((category, place) => [category.name, place]));
  for (const point of points) point.place = places.get(point.category) ?? 0;
  part('.about').textContent = data.about;
  part('#map-names').replaceChildren(...points.map((point) => new Option(point.title, point.name)));
}

async function rank() {
  const view = currentView();
  let now = await server.standing(view);
  if (now.version !== data.version) {
    await load(); // the index was rebuilt
    now = await server.standing(view);
  }
  passing = now.ids;
  const through = passing && new Set(passing);
  // While a query is under way the list still shows the previous results.
  const here = !document.querySelector('#found[aria-busy]');
  const asked = here && Boolean(view.query || view.seed || view.text || view.show);
  const shown = asked ? shownIds() : new Set();
  levels = points.map(({ id }) => {
    if (through && !through.has(id)) return FAINT;
    if (shown.has(id) || id === view.seed) return STRONG;
    return asked ? FAINT : PLAIN;
  });
  part('.standing').textContent = standing(asked, shown);
}

function shownIds() {
  return new Set([...document.querySelectorAll('#found .cards [data-id]')].map((card) => card.dataset.id));
}

function standing(asked, shown) {
  if (asked) {
    const here = [...shown].filter((id) => byId.has(id)).length;
    const missing = shown.size - here;
    const papers = here === 1 ? '1 paper of the list below is' : `${here} papers of the list below are`;
    const rest = `; ${missing} ${missing === 1 ? 'is' : 'are'} not on the map`;
    return `${papers} highlighted${missing ? rest : ''}.`;
  }
  if (!passing) return '';
  const papers = passing.length === 1 ? '1 paper passes' : `${passing.length} papers pass`;
  return `${papers} the filters; the others are faint.`;
}

// --- the visible part ---

// Show all of `some` with a margin, both axes at the same scale.
function fit(some = points) {
  const span = (values) => {
    const from = Math.min(...values);
    const to = Math.max(...values);
    return { middle: (from + to) / 2, length: Math.max(to - from, 1e-3) };
  };
  const [across, up] = [span(some.map((p) => p.x)), span(some.map((p) => p.y))];
  const { clientWidth: width, clientHeight: height } = canvas;
  const unit = 1.12 * Math.max(across.length / width, up.length / height); // map units per pixel
  const around = (middle, pixels) => [middle - (unit * pixels) / 2, middle + (unit * pixels) / 2];
  return { x: around(across.middle, width), y: around(up.middle, height) };
}

// Zoom around the selected paper, or else around the middle.
function anchor() {
  const point = points[focus] ?? points[byId.get(chosen.id)];
  if (!point || !isSeen(point)) return [0.5, 0.5];
  const [x, y] = toPixels(point);
  return [x / canvas.clientWidth, 1 - y / canvas.clientHeight];
}

// A resized canvas keeps its middle and scale.
function refit() {
  const unit = (range.x[1] - range.x[0]) / drawnWidth;
  const around = ([from, to], pixels) =>
    [(from + to - unit * pixels) / 2, (from + to + unit * pixels) / 2];
  range = { x: around(range.x, canvas.clientWidth), y: around(range.y, canvas.clientHeight) };
}

const toPixels = (point) => [
  ((point.x - range.x[0]) / (range.x[1] - range.x[0])) * canvas.clientWidth,
  (1 - (point.y - range.y[0]) / (range.y[1] - range.y[0])) * canvas.clientHeight,
];

// The selected paper first, then its neighbours, then all others.
function wanted(at) {
  if (points[at].id === chosen.id) return 2;
  return chosen.near.includes(points[at].id) ? 1 : 0;
}

// --- drawing ---

function traces(paint, size) {
  const hues = data.categories.map(paint.of);
  const level = (at) => (wanted(at) ? STRONG : levels[at]);
  // Highlighted points are drawn last, on top.
  const order = points.map((_, at) => at).sort((a, b) => level(a) - level(b) || a - b);
  // A hollow symbol has only an edge.
  const edge = (at) => {
    const strong = level(at) === STRONG;
    if (isHollow(points[at].place)) return { color: hues[points[at].place], width: strong ? 3 : 1.8 };
    return strong ? { color: paint.text, width: 1.5 } : { color: paint.surface, width: 0.5 };
  };
  const of = (key) => order.map((at) => points[at][key]);
  const named = labels(size);
  const [from] = points.filter((point) => point.id === chosen.id);
  const ends = from ? neighbours() : [];
  const rings = [from, points[focus]].filter(Boolean);
  const xy = (some) => ({ x: some.map((p) => p?.x ?? null), y: some.map((p) => p?.y ?? null) });
  return [
    {
      ...xy(ends.flatMap((end) => [from, end, null])),
      mode: 'lines', hoverinfo: 'skip', line: { color: paint.accent, width: 1.5 },
    },
    {
      x: of('x'), y: of('y'), customdata: order,
      mode: 'markers', hoverinfo: 'text',
      hovertext: order.map((at) => hoverText(points[at])),
      marker: {
        size: order.map((at) => (level(at) === STRONG ? size + 3 : size)),
        symbol: order.map((at) => symbolName(points[at].place)),
        color: order.map((at) => hues[points[at].place]),
        opacity: order.map((at) => OPACITY[level(at)]),
        line: { color: order.map((at) => edge(at).color), width: order.map((at) => edge(at).width) },
      },
    },
    {
      ...xy(rings), mode: 'markers', hoverinfo: 'skip',
      marker: { symbol: 'circle-open', size: size + 12, color: paint.accent, line: { width: 2.5 } },
    },
    {
      ...xy(named.map(([at]) => points[at])),
      // Invisible points keep names away from the visible ones.
      mode: 'markers+text', marker: { size: size + 4, opacity: 0 },
      hoverinfo: 'skip', text: named.map(([at]) => asText(points[at].name)),
      textposition: named.map(([, side]) => side),
      textfont: {
        ...paint.font, size: 12, shadow: 'auto',
        color: named.map(([at]) => (level(at) === FAINT ? paint.soft : paint.text)),
      },
    },
    {
      ...xy(regionsShown()), mode: 'text', hoverinfo: 'skip',
      text: regionsShown().map((region) => `<b>${asText(region.words)}</b>`),
      textfont: { ...paint.font, size: 15, color: paint.soft, shadow: 'auto' },
    },
  ];
}

// Names of regions: while much of the map is seen, and none over another.
function regionsShown() {
  if (!data.regions) return [];
  const taken = [];
  return data.regions.filter((region) => {
    const [x, y] = toPixels(region);
    const half = region.words.length * 4.6;
    if (x < half || y < 12 || x > canvas.clientWidth - half || y > canvas.clientHeight - 12) return false;
    const free = taken.every(([left, top, wide]) => Math.abs(x - left) > half + wide || Math.abs(y - top) > 22);
    if (free) taken.push([x, y, half]);
    return free;
  });
}

function hoverText(point) {
  const where = [point.category, point.month].filter(Boolean).map(asText).join(' · ');
  const title = point.title && point.title !== point.name ? `<br>${folded(point.title)}` : '';
  return `<b>${asText(point.name)}</b>${title}<br>${where}`;
}

async function draw() {
  const plotly = await fetchPlotly();
  const paint = colours();
  const axis = { visible: false, fixedrange: false };
  const layout = {
    width: canvas.clientWidth, height: canvas.clientHeight,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    xaxis: { ...axis, range: [...range.x] }, yaxis: { ...axis, range: [...range.y] },
    showlegend: false, dragmode: 'pan', hovermode: 'closest', hoverdistance: 12,
    paper_bgcolor: paint.surface, plot_bgcolor: paint.surface,
    font: paint.font, hoverlabel: hoverLabel(paint),
  };
  const first = !canvas.classList.contains('js-plotly-plot');
  if (first) canvas.replaceChildren();
  await plotly.react(canvas, traces(paint, points.length > 1000 ? 6 : 9), layout, CONFIG);
  if (first) listen();
}

function listen() {
  canvas.on('plotly_click', (event) => {
    const [hit] = event.points.filter((point) => point.curveNumber === POINTS);
    if (hit) choose(points[hit.customdata].id);
  });
  canvas.on('plotly_relayout', () => {
    if (resting) return; // our own code moved it
    const { xaxis, yaxis } = canvas.layout;
    const moved = { x: [...xaxis.range], y: [...yaxis.range] };
    if (String([moved.x, moved.y]) !== String([range.x, range.y])) look(moved);
  });
}

// --- select a paper ---

async function choose(id) {
  let found = { id: '', near: [], markup: FAILED };
  try { found = await server.choose(id); } catch { /* the markup says so */ }
  chosen = { id: found.id, near: found.near };
  focus = -1;
  part('.beside').innerHTML = found.markup; // escaped on the server
  remember();
  const point = points[byId.get(found.id)];
  if (point && !isSeen(point)) range = fit([point, ...neighbours()]);
  await draw();
  say(point ? `${point.name} is selected; its card is beside the map.` : '');
  // On a phone the card is below the map and may be out of sight.
  if (matchMedia('(max-width: 800px)').matches) part('.beside').scrollIntoView({ block: 'nearest' });
}

const neighbours = () => chosen.near.map((id) => points[byId.get(id)]).filter(Boolean);

const isSeen = (point) => {
  const [x, y] = toPixels(point);
  return x >= 0 && y >= 0 && x <= canvas.clientWidth && y <= canvas.clientHeight;
};

const hint = part('.beside').innerHTML;
const FAILED = '<p class="hint" role="alert">The card could not be loaded. Click the paper again.</p>';

function close() {
  chosen = { id: '', near: [] };
  part('.beside').innerHTML = hint;
  remember();
  draw();
  say('');
}

// The selected paper is stored in the address; this sends no query.
function remember() {
  document.dispatchEvent(new CustomEvent('rftsearch:note', { detail: { paper: chosen.id } }));
}

function find(words) {
  const key = words.trim().toLowerCase();
  if (!key) return;
  const by = (test) => points.find(test);
  const found = by((p) => p.name.toLowerCase() === key) ?? by((p) => p.id.toLowerCase() === key)
    ?? by((p) => p.name.toLowerCase().startsWith(key)) ?? by((p) => p.name.toLowerCase().includes(key))
    ?? by((p) => p.title.toLowerCase().includes(key));
  if (found) choose(found.id);
  else say(`No paper on the map is called ${words.trim()}.`);
}

// --- the keyboard ---

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// Move to the nearest paper that lies mainly in that direction.
function step([across, up]) {
  const start = points[focus] ?? points[byId.get(chosen.id)];
  if (!start) { focus = nearest(middle()); return; }
  let best = Infinity;
  points.forEach((point, at) => {
    const [x, y] = [point.x - start.x, point.y - start.y];
    const ahead = x * across + y * up;
    const aside = Math.abs(x * up) + Math.abs(y * across);
    const cost = ahead + 2 * aside;
    if (ahead > 0 && aside <= 2 * ahead && cost < best) { best = cost; focus = at; }
  });
}

const middle = () => ({ x: (range.x[0] + range.x[1]) / 2, y: (range.y[0] + range.y[1]) / 2 });

function nearest(place) {
  const away = points.map((point) => Math.hypot(point.x - place.x, point.y - place.y));
  return away.indexOf(Math.min(...away));
}

function onKey(event) {
  const acts = {
    '+': () => zoom(0.6), '=': () => zoom(0.6), '-': () => zoom(1 / 0.6), 0: () => look(fit()),
    Enter: () => points[focus] && choose(points[focus].id),
    Escape: close,
  };
  const arrow = ARROWS[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey || !(arrow || acts[event.key])) return;
  event.preventDefault();
  if (!arrow) { acts[event.key](); return; }
  if (event.shiftKey) { shift(arrow); return; }
  step(arrow);
  const point = points[focus];
  if (!point) return;
  if (!isSeen(point)) {
    const { x, y } = middle();
    const by = (ends, shift) => ends.map((end) => end + shift);
    range = { x: by(range.x, point.x - x), y: by(range.y, point.y - y) };
  }
  draw();
  say([point.name, point.title, point.category, point.month].filter(Boolean).join(', '));
}

// --- wiring ---

const DO = {
  in: () => zoom(0.6),
  out: () => zoom(1 / 0.6),
  all: () => look(fit()),
  close,
  choose,
  category: toggleCategory,
  csv: () => downloadRows('csv', 'map', rows()),
  json: () => downloadRows('json', 'map', rows(), { method: data.method, about: data.about }),
};

function rows() {
  return points.map(({ id, name, title, category, kind, released, x, y }, at) => (
    { id, short_name: name, title, category, kind, released, x, y, stands_out: levels[at] !== FAINT }
  ));
}

element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-do]');
  if (button && range) DO[button.dataset.do](button.dataset.value);
});
part('.find').addEventListener('change', (event) => { if (range) find(event.target.value); });
canvas.addEventListener('keydown', (event) => { if (range) onKey(event); });
canvas.addEventListener('blur', () => { if (focus >= 0) { focus = -1; draw(); } });
keepDrawn('map', async (why) => {
  if (!data) await load();
  if (why !== 'size' || !levels.length) await rank();
  if (!range) range = fit();
  else if (drawnWidth !== canvas.clientWidth) refit();
  drawnWidth = canvas.clientWidth;
  const numbers = data.categories.map((_, place) => points.filter((point) => point.place === place).length);
  showLegend(data.categories, numbers, symbol);
  const wantedId = currentView().paper ?? '';
  if (wantedId !== chosen.id && wantedId) await choose(wantedId);
  else await draw();
});
