// Shared by the map and the timeline, and put before the script of each. Gradio runs it
// with `element`, `props` and `server` each time it renders the panel.

const part = (selector) => element.querySelector(selector);
const parts = (selector) => [...element.querySelectorAll(selector)];
const currentView = () => window.rftsearchView ?? {};
const change = (detail) => document.dispatchEvent(new CustomEvent('rftsearch:change', { detail }));
const isOpen = (tab) => document.body.dataset.tab === tab;

// --- Plotly, fetched when a plot is first opened ---

function fetchPlotly() {
  window.rftsearchPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = new URL(props.plotly, document.baseURI);
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      script.remove();
      delete window.rftsearchPlotly; // so that opening the tab again retries
      reject(new Error('Plotly did not come'));
    };
    document.head.append(script);
  });
  return window.rftsearchPlotly;
}

const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };

// Plotly interprets some tags and entities in texts; none of ours is markup.
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const asText = (words) => words.replace(/[&<>]/g, (sign) => ENTITIES[sign]);

// Break words into lines of at most `width` characters: Plotly does not.
function folded(words, width = 44) {
  const lines = [''];
  for (const word of words.split(/\s+/)) {
    const last = lines.at(-1);
    if (last && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.map(asText).join('<br>');
}

// --- colours of the page ---

const brush = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
  .getContext('2d', { willReadFrequently: true });

// Plotly does not know OKLCH: let the browser convert a colour to RGB.
function rgb(colour) {
  brush.fillStyle = colour;
  brush.fillRect(0, 0, 1, 1);
  const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
  return `rgb(${red},${green},${blue})`;
}

function colours() {
  const style = getComputedStyle(element);
  const named = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    of: (category) => rgb(`oklch(${named('dot')} ${category.hue})`),
    ...Object.fromEntries(
      ['text', 'soft', 'line', 'surface', 'ground', 'accent'].map((name) => [name, rgb(named(name))]),
    ),
    font: { family: style.fontFamily, size: 13, color: rgb(named('text')) },
  };
}

const hoverLabel = (paint) => ({
  bgcolor: paint.surface, bordercolor: paint.soft, align: 'left',
  font: { ...paint.font, color: paint.text },
});

// --- the legend, which also filters ---

function showLegend(categories, numbers, picture) {
  const chosen = currentView().categories ?? [];
  const items = categories.map((category, place) => {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.style.setProperty('--hue', category.hue);
    button.setAttribute('aria-pressed', String(chosen.includes(category.name)));
    button.dataset.do = 'category';
    button.dataset.value = category.name;
    const count = document.createElement('span');
    count.className = 'count';
    count.textContent = numbers[place];
    button.append(picture(place), category.name, count);
    item.append(button);
    return item;
  });
  const focused = document.activeElement?.closest?.('.legend button')?.dataset.value;
  part('.legend').replaceChildren(...items.filter((_, place) => numbers[place]));
  if (focused) parts('.legend button').find((one) => one.dataset.value === focused)?.focus();
}

function toggleCategory(name) {
  const chosen = currentView().categories ?? [];
  const without = chosen.filter((one) => one !== name);
  change({ categories: without.length < chosen.length ? without : [...chosen, name] });
}

// --- download the data ---

function download(name, type, content) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// A text that a spreadsheet would run as a formula gets a leading quote.
function csvField(value) {
  const words = value === null ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(words) ? `'${words}` : words;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function downloadRows(kind, name, rows, about) {
  if (kind === 'json') {
    return download(`${name}.json`, 'application/json', JSON.stringify({ ...about, rows }, null, 1));
  }
  const lines = [Object.keys(rows[0] ?? {}), ...rows.map(Object.values)];
  const content = lines.map((line) => line.map(csvField).join(',')).join('\r\n');
  // The byte order mark tells spreadsheets that the file is UTF-8.
  return download(`${name}.csv`, 'text/csv', `\ufeff${content}\r\n`);
}

// --- when to draw ---

// Run `draw` when the tab is opened and, while it is open, on each answer and each change
// of theme or size. One run at a time; a change during a run is drawn after it.
function keepDrawn(tab, draw) {
  const stops = (window.rftsearchPlots ??= {});
  stops[tab]?.();
  const stop = new AbortController();
  stops[tab] = () => stop.abort();
  let busy = false;
  let again = null;

  async function run(why) {
    if (!isOpen(tab) || stop.signal.aborted) return;
    if (busy) { again = why === 'size' ? again ?? why : why; return; }
    busy = true;
    try {
      await draw(why);
      part('.canvas').removeAttribute('data-trouble');
    } catch (error) {
      fail(() => run(why), error);
    }
    busy = false;
    const next = again;
    again = null;
    if (next) run(next);
  }

  let open = null;
  const watcher = new MutationObserver(() => {
    const look = [isOpen(tab), document.body.className, document.documentElement.className].join();
    if (look === open) return;
    open = look;
    run('look');
  });
  for (const node of [document.body, document.documentElement]) {
    watcher.observe(node, { attributes: true, attributeFilter: ['class', 'data-tab'] });
  }
  let width = 0;
  const sizes = new ResizeObserver(() => {
    const now = part('.canvas').clientWidth;
    if (now && now !== width) run('size');
    width = now;
  });
  sizes.observe(part('.canvas'));
  stop.signal.addEventListener('abort', () => { watcher.disconnect(); sizes.disconnect(); });
  document.addEventListener('rftsearch:answered', () => run('answer'), { signal: stop.signal });
  run('open');
}

function fail(retry) {
  const canvas = part('.canvas');
  if (canvas.querySelector('.js-plotly-plot, .main-svg')) return; // keep what is drawn
  const words = document.createElement('p');
  words.className = 'waiting';
  words.setAttribute('role', 'alert');
  words.textContent = 'This could not be loaded. ';
  const button = Object.assign(document.createElement('button'), {
    type: 'button', className: 'quiet', textContent: 'Try again',
  });
  button.addEventListener('click', retry);
  words.append(button);
  canvas.replaceChildren(words);
}
