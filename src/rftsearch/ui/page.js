// The gestures. Gradio runs this once, as the search box is put on the page, and
// hands it `trigger`, `props` and `server`.
//
// The page shows a *view*: what was asked, under which filters. It stands in the
// address as plain query parameters, so that back, forward and a copied link
// work. Every gesture changes the view and asks for it; the answer replaces the
// header, the filters and the results, which know nothing of each other.

const STEP = props.step; // cards at first, and as many more each time
const EMPTY = {
  query: '', seed: '', categories: [], since: '', until: '', has: [], kind: '', tab: '', k: STEP,
};
const FILTERS = ['categories', 'since', 'until', 'has', 'kind'];
const PATIENCE = 20_000; // ms until a question that got no answer is given up

const $ = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];
const pick = (keys, of) => Object.fromEntries(keys.map((key) => [key, of(key)]));
// One value or all of them, from an address or a form, as the key of the view wants.
const values = (source, key, name) =>
  (Array.isArray(EMPTY[key]) ? source.getAll(name) : source.get(name) ?? '');

// --- the view and the address ---

// Names in the address; Gradio's own (`__theme`, `view`) are left alone.
const NAMES = {
  query: 'q', seed: 'like', categories: 'category',
  since: 'since', until: 'until', has: 'has', kind: 'kind', tab: 'tab',
};

function fromAddress() {
  const params = new URLSearchParams(location.search);
  return { ...EMPTY, ...pick(Object.keys(NAMES), (key) => values(params, key, NAMES[key])) };
}

function toAddress(view) {
  const params = new URLSearchParams(location.search);
  for (const [key, name] of Object.entries(NAMES)) {
    params.delete(name);
    for (const value of [view[key]].flat()) if (value) params.append(name, value);
  }
  const search = params.toString();
  return location.pathname + (search ? `?${search}` : '') + location.hash;
}

let view = fromAddress();
let pending = 0; // the timer of the question on its way; 0: none is
let changed = false; // whether the view changed while it was on its way
let settle = () => {}; // what to do once the answer is there
const unfolded = new Set(); // ids of the cards whose abstract is open

function ask(change = {}, then = () => {}) {
  view = { ...view, k: STEP, ...change };
  settle = then;
  reflect();
  send();
}

// One question at a time, and the last one counts: answers cannot overtake each other.
function send() {
  changed = true;
  if (pending) return;
  changed = false;
  pending = setTimeout(onFailure, PATIENCE);
  $('#found').setAttribute('aria-busy', 'true');
  props.value = view;
  trigger('ask');
}

// A new question is a new entry in the browser's history.
function go(change, then) {
  history.replaceState({ ...history.state, scroll: scrollY }, '');
  unfolded.clear();
  ask(change, then);
  history.pushState({ view, step: (history.state?.step ?? 0) + 1 }, '', toAddress(view));
}

// The same question seen otherwise: another filter, more cards.
function adjust(change, then) {
  ask(change, then);
  history.replaceState({ ...history.state, view }, '', toAddress(view));
}

function back() {
  if (history.state?.step) history.back();
  else go({ seed: '' }, toResults);
}

// --- showing the view in the controls ---

function reflect() {
  // What the map and the timeline read; they ask for a change by `rftsearch:change`.
  window.rftsearchView = Object.freeze({ ...view });
  document.body.dataset.tab = view.tab;
  for (const button of all('#tabs button')) {
    button.setAttribute('aria-pressed', String(button.dataset.value === view.tab));
  }
  for (const box of all('#filters input')) {
    const value = view[box.name];
    box.checked = Array.isArray(value) ? value.includes(box.value) : value === box.value;
  }
  for (const list of all('#filters select')) list.value = view[list.name];
  const set = FILTERS.reduce((sum, key) => sum + [view[key]].flat().filter(Boolean).length, 0);
  all('#filters .clear').forEach((button) => (button.hidden = !set));
  all('.toggle .set').forEach((mark) => (mark.textContent = set ? ` · ${set}` : ''));
  const subject = view.seed ? $('#heading')?.textContent : view.query;
  document.title = subject ? `${subject} · rftsearch` : 'rftsearch';
}

function chosen() {
  const form = new FormData($('#filters'));
  return pick(FILTERS, (key) => values(form, key, key));
}

function type(query) {
  const box = $('#query');
  if (box) box.value = query;
}

// Bring the head of the results into sight, unless it is; and the keyboard with it.
function toResults({ focus = true } = {}) {
  const heading = $('#heading');
  if (!heading) return;
  if (focus) heading.focus({ preventScroll: true });
  const { top } = heading.getBoundingClientRect();
  if (top < 0 || top > innerHeight * 0.6) $('#found').scrollIntoView({ block: 'start' });
}

// --- gestures ---

const ACTIONS = {
  example(_, button) {
    type(button.textContent.trim());
    go({ query: button.textContent.trim(), seed: '' }, () => toResults({ focus: false }));
  },
  like(id) { go({ seed: id }, toResults); },
  back,
  more() {
    const last = all('#found .cards > li').length;
    const next = () => all('#found .cards > li')[last]?.querySelector('a, button');
    adjust({ k: view.k + STEP }, () => next()?.focus({ preventScroll: true }));
  },
  clear() { adjust(pick(FILTERS, (key) => EMPTY[key])); },
  drop(filter) {
    const keys = filter === 'months' ? ['since', 'until'] : [filter];
    adjust(pick(keys, (key) => EMPTY[key]), toResults);
  },
  tab(name) { go({ tab: name }); },
  filters(_, button) {
    const open = document.body.classList.toggle('filters-open');
    button.setAttribute('aria-expanded', open);
  },
};

function onClick(event) {
  const button = event.target.closest('[data-action]');
  if (button) ACTIONS[button.dataset.action](button.dataset.value, button);
}

function onSubmit(event) {
  if (!event.target.matches('.search, #filters')) return;
  event.preventDefault();
  if (event.target.id !== 'filters') {
    go({ query: $('#query').value.trim(), seed: '' }, () => toResults({ focus: false }));
  }
}

function onChange(event) {
  if (event.target.closest('#filters')) adjust(chosen());
}

// --- the box that picks a paper ---

let typed = 0; // counts what was typed, so that late suggestions are dropped
let offered = [];
let active = -1;

async function suggestions(text) {
  const turn = ++typed;
  let found = [];
  if (text.trim()) {
    try { found = await server.suggest(text); } catch { found = []; }
  }
  return turn === typed ? found : null;
}

function offer(found) {
  offered = found;
  active = -1;
  const list = $('#picks');
  list.replaceChildren(...found.map((paper, place) => {
    const item = document.createElement('li');
    item.id = `pick-${place}`;
    item.role = 'option';
    item.ariaSelected = 'false';
    const name = document.createElement('b');
    name.textContent = paper.name;
    item.append(name, ` ${paper.title}`);
    return item;
  }));
  list.hidden = !found.length;
  $('#pick').ariaExpanded = String(!list.hidden);
  $('#pick').removeAttribute('aria-activedescendant');
}

function mark(place) {
  active = (place + offered.length) % offered.length;
  all('#picks > li').forEach((item, at) => {
    item.ariaSelected = String(at === active);
    if (at === active) item.scrollIntoView({ block: 'nearest' });
  });
  $('#pick').setAttribute('aria-activedescendant', `pick-${active}`);
}

function choose(seed) {
  typed += 1;
  offer([]);
  $('#pick').value = '';
  go({ seed }, toResults);
}

async function onInput(event) {
  if (event.target.id !== 'pick') return;
  const found = await suggestions(event.target.value);
  if (found) offer(found);
}

async function onKey(event) {
  if (event.target.id !== 'pick' || event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && offered.length) {
    event.preventDefault();
    mark(active < 0 && step < 0 ? offered.length - 1 : active + step);
  } else if (event.key === 'Escape') {
    typed += 1;
    offer([]);
  } else if (event.key === 'Enter' && event.target.value.trim()) {
    event.preventDefault();
    if (active >= 0) return choose(offered[active].id);
    // Where nothing is called so, what was typed is asked for: the answer says what comes close.
    const text = event.target.value;
    const found = await suggestions(text);
    if (found) choose(found[0]?.id ?? text.trim());
  }
}

function onPress(event) {
  const item = event.target.closest('#picks > li');
  if (!item) return;
  event.preventDefault(); // the box keeps the focus until the pick is made
  choose(offered[all('#picks > li').indexOf(item)].id);
}

function onLeave(event) {
  if (event.target.id === 'pick') { typed += 1; offer([]); }
}

// --- answers ---

function onToggle(event) {
  const id = event.target.closest('.card')?.dataset.id;
  if (id && event.target.matches('.abstract')) unfolded[event.target.open ? 'add' : 'delete'](id);
}

// Before the browser paints: what was unfolded stays so, though its markup came anew.
function onShown() {
  for (const card of all('#found .card')) {
    const abstract = card.querySelector('.abstract');
    if (abstract && unfolded.has(card.dataset.id)) abstract.open = true;
  }
}

// Whether the question that came back, answered or not, was the last one asked.
function isLast() {
  clearTimeout(pending);
  pending = 0;
  if (changed) send();
  else $('#found').removeAttribute('aria-busy');
  return !pending;
}

function onAnswer() {
  if (!isLast()) return;
  $('#trouble').hidden = true;
  reflect();
  $('#spoken').textContent = $('#found .answer')?.dataset.spoken ?? '';
  const then = settle;
  settle = () => {};
  then();
}

// The server is gone, or stumbled over the question: what is on the page stays there.
function onFailure() {
  if (isLast()) $('#trouble').hidden = false;
}

// Another part of the page asks for a change of the view.
function onChangeWanted(event) {
  const change = pick(Object.keys(EMPTY).filter((key) => key in event.detail), (key) => event.detail[key]);
  go(change);
}

function onReturn(event) {
  view = event.state?.view ?? fromAddress();
  type(view.query);
  const scroll = event.state?.scroll ?? 0;
  ask({ k: view.k }, () => scrollTo({ top: scroll }));
}

// --- wiring ---

window.rftsearchStop?.(); // where Gradio puts the box on the page anew
const stop = new AbortController();
window.rftsearchStop = () => stop.abort();
const on = (target, name, then, capture = false) =>
  target.addEventListener(name, then, { capture, signal: stop.signal });

on(document, 'click', onClick);
on(document, 'submit', onSubmit);
on(document, 'change', onChange);
on(document, 'input', onInput);
on(document, 'keydown', onKey);
on(document, 'mousedown', onPress);
on(document, 'focusout', onLeave);
on(document, 'toggle', onToggle, true);
on(document, 'rftsearch:shown', onShown);
on(document, 'rftsearch:answered', onAnswer);
on(document, 'rftsearch:failed', onFailure);
on(document, 'rftsearch:change', onChangeWanted);
on(window, 'popstate', onReturn);

// Gradio puts the parts on the page one by one, in no order to rely on.
function begin() {
  if (!$('#filters') || !$('#found .answer')) return setTimeout(begin, 10);
  type(view.query);
  $('#query').focus({ preventScroll: true });
  ask();
}

history.scrollRestoration = 'manual';
begin();
