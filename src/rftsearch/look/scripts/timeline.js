// The timeline: bars by month, stacked by category.

let data = null;
let cumulative = false;

const canvas = part('.canvas');
const counts = () => (cumulative ? data.cumulative : data.counts);
const column = (place) => counts().map((row) => row[place]);
const sum = (row) => row.reduce((whole, one) => whole + one, 0);
const total = (at) => sum(counts()[at]);
// With a query: the papers of a month that are not good matches.
const whole = () => (cumulative ? data.whole_cumulative : data.whole);
const rest = (at) => sum(whole()[at]) - total(at);
const REST = 'Rest of the list';
const DWARFED = 4; // the highest bar of the rest is so many times that of the answer
let restChosen = null; // whether the rest is drawn, once the reader has chosen

// A few matches among many papers show better alone.
const most = (sums) => Math.max(0, ...sums);
const withRest = () => restChosen
  ?? most(data.months.map((_, at) => sum(whole()[at]))) <= DWARFED * most(data.months.map((_, at) => total(at)));

function sayRest() {
  part('.rest').hidden = !data.whole;
  if (data.whole) part('.rest').setAttribute('aria-pressed', String(withRest()));
  part('.about').textContent = data.about + (data.whole && withRest() ? data.about_rest : '');
}

// --- the selection ---

// Months and categories of the view are highlighted; the others are faint.
function isChosen(month, category) {
  const { since, until, categories = [] } = currentView();
  return (!since || month >= since) && (!until || month <= until)
    && (!categories.length || categories.includes(category));
}

// A click on a bar filters by it, a second click removes the filter; a cumulative bar
// filters up to its month.
function pick(month, category) {
  const wanted = {
    since: cumulative ? '' : month, until: month, categories: category ? [category] : [],
  };
  const view = currentView();
  const again = Object.entries(wanted).every(([key, value]) => String(view[key] ?? '') === String(value));
  change(again ? { since: '', until: '', categories: [] } : wanted);
}

// --- drawing ---

function traces(paint) {
  const fitting = data.categories.map((category, place) => {
    const colour = paint.of(category);
    const values = column(place);
    return {
      type: 'bar', name: asText(category.name), x: data.months, y: values,
      customdata: data.months, hoverinfo: 'text',
      hovertext: data.months.map((_, at) => hoverText(at, category.name, values[at])),
      textposition: 'none',
      marker: {
        color: colour,
        opacity: data.months.map((month) => (isChosen(month, category.name) ? 1 : 0.25)),
        line: { color: paint.surface, width: 1 },
        pattern: {
          shape: HATCHES[place % HATCHES.length][0], fillmode: 'overlay',
          fgcolor: paint.surface, fgopacity: 0.5, size: 6, solidity: 0.2,
        },
      },
    };
  });
  if (!data.whole || !withRest()) return fitting;
  const values = data.months.map((_, at) => rest(at));
  return [...fitting, {
    type: 'bar', name: REST, x: data.months, y: values,
    customdata: data.months, hoverinfo: 'text', textposition: 'none',
    hovertext: data.months.map((_, at) => hoverText(at, REST, values[at])),
    marker: { color: paint.line, line: { color: paint.surface, width: 1 } },
  }];
}

function hoverText(at, name, value) {
  const until = cumulative ? 'until ' : '';
  const all = data.whole ? sum(whole()[at]) : total(at);
  return `<b>${asText(name)}</b><br>${until}${data.names[at]}: ${value} of ${all}`;
}

async function draw() {
  const plotly = await fetchPlotly();
  const paint = colours();
  const first = !canvas.classList.contains('js-plotly-plot');
  if (first) canvas.replaceChildren();
  // As many month labels as have room.
  const step = Math.ceil(data.months.length / Math.max(1, Math.floor(canvas.clientWidth / 84)));
  const ticks = data.months.map((_, at) => at).filter((at) => at % step === 0);
  await plotly.react(canvas, traces(paint), {
    barmode: 'stack', bargap: 0.15, width: canvas.clientWidth, height: canvas.clientHeight,
    margin: { l: 36, r: 28, t: 14, b: 28 },
    xaxis: {
      type: 'category', fixedrange: true, tickangle: 0, linecolor: paint.soft, showgrid: false,
      tickmode: 'array',
      tickvals: ticks.map((at) => data.months[at]), ticktext: ticks.map((at) => data.names[at]),
    },
    yaxis: {
      fixedrange: true, gridcolor: paint.line, zeroline: false, rangemode: 'tozero',
      tickformat: ',d', nticks: 6,
    },
    showlegend: false, dragmode: false, hovermode: 'closest',
    paper_bgcolor: paint.surface, plot_bgcolor: paint.surface,
    font: { ...paint.font, color: paint.soft }, hoverlabel: hoverLabel(paint),
  }, CONFIG);
  if (first) {
    canvas.on('plotly_click', ({ points: [hit] }) => {
      pick(hit.customdata, data.categories[hit.curveNumber]?.name ?? '');
    });
  }
}

// --- the same as a table ---

function cell(tag, content, attributes = {}) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(content);
  return made;
}

function showTable() {
  const used = data.categories.map((_, place) => place).filter((place) => column(place).some(Boolean));
  const head = document.createElement('tr');
  head.append(cell('th', 'Month', { scope: 'col' }), cell('th', data.whole ? 'Good matches' : 'All', { scope: 'col' }));
  for (const place of used) head.append(cell('th', data.categories[place].name, { scope: 'col' }));
  if (data.whole) head.append(cell('th', REST, { scope: 'col' }));
  const lines = data.months.map((month, at) => {
    const line = document.createElement('tr');
    const button = cell('button', data.names[at], { type: 'button', className: 'quiet' });
    button.dataset.do = 'month';
    button.dataset.value = month;
    const row = counts()[at];
    line.append(cell('th', button, { scope: 'row' }), cell('td', String(total(at))));
    for (const place of used) line.append(cell('td', String(row[place])));
    if (data.whole) line.append(cell('td', String(rest(at))));
    return line;
  });
  const table = part('.numbers table');
  const focused = table.contains(document.activeElement) && document.activeElement.dataset.value;
  table.replaceChildren(head, ...lines.reverse()); // the newest first
  if (focused) parts('.numbers button').find((one) => one.dataset.value === focused)?.focus();
}

// --- wiring ---

function count(how) {
  cumulative = how;
  for (const button of parts('.modes button')) {
    button.setAttribute('aria-pressed', String((button.dataset.do === 'cumulative') === how));
  }
  showTable();
  if (data.whole) sayRest();
  draw();
}

function rows() {
  return data.months.flatMap((month, at) => data.categories.map((category, place) => ({
    month, category: category.name, works: counts()[at][place],
    ...(data.whole ? { of: whole()[at][place] } : {}),
  })));
}

const about = () => ({ about: data.about, cumulative });
const DO = {
  monthly: () => count(false),
  cumulative: () => count(true),
  rest() {
    restChosen = !withRest();
    sayRest();
    draw();
  },
  month: (month) => pick(month, ''),
  category: toggleCategory,
  csv: () => downloadRows('csv', cumulative ? 'timeline-cumulative' : 'timeline', rows()),
  json: () => downloadRows('json', cumulative ? 'timeline-cumulative' : 'timeline', rows(), about()),
};

element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-do]');
  if (button && data) DO[button.dataset.do](button.dataset.value);
});

keepDrawn('timeline', async (why) => {
  if (why !== 'size' || !data) data = await server.timeline(currentView());
  part('.plot').classList.toggle('nothing', !data.months.length);
  if (!data.months.length) { part('.about').textContent = data.about; return; }
  sayRest();
  const sums = data.categories.map((_, place) => sum(data.counts.map((row) => row[place])));
  showLegend(data.categories, sums, swatch);
  showTable();
  await draw();
});
