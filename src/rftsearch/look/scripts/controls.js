// Show the view in the controls.

function reflect() {
  // The tabs read this; they ask for a change by the event `rftsearch:change`.
  window.rftsearchView = Object.freeze({ ...view });
  // Before setting the attribute: it makes the tabs' scripts draw.
  for (const panel of all('.block.tab-panel')) panel.classList.toggle('open', panel.id === `${view.tab}-panel`);
  document.body.dataset.tab = view.tab;
  document.body.classList.toggle('asked', isAsked());
  document.body.dataset.layout = layout();
  for (const button of all('#tabs [data-action=layout]')) press(button, button.dataset.value === layout());
  for (const button of all('#tabs [data-action=tab]')) press(button, button.dataset.value === view.tab);
  for (const button of all('[data-action=plus]')) press(button, has('liked', button));
  for (const button of all('[data-action=minus]')) press(button, has('disliked', button));
  for (const box of all('#filters input')) {
    const value = view[box.name];
    box.checked = Array.isArray(value) ? value.includes(box.value) : value === box.value;
  }
  for (const list of all('#filters select')) list.value = view[list.name];
  for (const list of all('#found .sort select')) {
    list.value = view.sort || list.dataset.own || list.options[0].value;
    if (list.selectedIndex < 0) list.selectedIndex = 0;
  }
  const set = FILTERS.reduce((sum, key) => sum + [view[key]].flat().filter(Boolean).length, 0);
  for (const button of all('#filters .clear')) button.hidden = !set;
  for (const mark of all('.toggle .set')) mark.textContent = set ? ` · ${set}` : '';
  for (const button of all('[data-action=mine]')) button.hidden = !borrowed;
  const asked = view.show || view.text || view.seed;
  const subject = asked ? $('#heading')?.textContent : view.query;
  const name = $('#masthead h1')?.textContent ?? '';
  document.title = subject ? `${subject} · ${name}` : name;
}

// Whether anything was asked or opened: until then the page says what it is, and offers examples.
const isAsked = () => Boolean(view.tab || view.query || view.seed || view.text || view.show);

const press = (button, pressed) => button.setAttribute('aria-pressed', String(pressed));
const has = (side, button) => view[side].includes(button.dataset.value);

// The dot of a category has its shape on the map.
function shapeDots() {
  for (const dot of all('#filters .dot:empty')) dot.append(symbol(Number(dot.dataset.place)));
}

function formFilters() {
  const form = new FormData($('#filters'));
  return pick(FILTERS, (key) => values(form, key, key));
}

// Scroll to the heading of the results if it is out of sight, and move the focus there.
function toResults({ focus = true } = {}) {
  const heading = $('#heading');
  if (!heading) return;
  if (focus) heading.focus({ preventScroll: true });
  const { top } = heading.getBoundingClientRect();
  if (top < 0 || top > innerHeight * 0.6) $('#found').scrollIntoView({ block: 'start' });
}

// --- cards or a compact list: a habit of the reader, not a part of the question ---

const LAYOUT = 'rftsearch.layout';
const MOST_COMPACT = 3; // so many times the cards fit into the window

function layout() {
  try {
    return localStorage.getItem(LAYOUT) === 'compact' ? 'compact' : 'cards';
  } catch {
    return document.body.dataset.layout || 'cards';
  }
}

function setLayout(name) {
  try {
    localStorage.setItem(LAYOUT, name);
  } catch {
    document.body.dataset.layout = name;
  }
  if (name === 'compact' && view.k < MOST_COMPACT * STEP) adjust({ k: MOST_COMPACT * STEP });
  else reflect();
}
