// The scripts of the page. Joined in order, they are the body of the function that Gradio
// runs with `props` and `server` when it renders the search box.
//
// The page shows a *view*: the query and its filters. The address holds the view as plain
// query parameters, so that back, forward and copied links work. Each action changes the
// view and sends it; the answer replaces the header, the filters, the results and the
// basket, which do not depend on each other.

const STEP = props.step; // number of cards at first, and of each "Show more"
const MOST = 200; // cards at most, also from an address
const TEXTS = props.texts;
const EMPTY = {
  query: '', seed: '', text: '', liked: [], disliked: [], show: '', categories: [], since: '',
  until: '', has: [], kind: '', generative: '', authors: [], venue: [], presents: [], ignore: [], sort: '', tab: '', paper: '',
  k: STEP,
};
const FILTERS = ['categories', 'since', 'until', 'has', 'kind', 'generative', 'authors', 'venue', 'presents'];
const BASKET = ['liked', 'disliked'];
const NO_QUESTION = { query: '', seed: '', text: '', show: '', ignore: [], sort: '' };

// Names in the address; Gradio's own (`__theme`, `view`) are left alone.
const NAMES = {
  query: 'q', seed: 'like', show: 'show', liked: 'plus', disliked: 'minus',
  categories: 'category', since: 'since', until: 'until', has: 'has', kind: 'kind',
  generative: 'generative', authors: 'author', venue: 'venue', presents: 'presents', ignore: 'ignore', sort: 'sort', tab: 'tab', paper: 'paper',
};

const $ = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const pick = (keys, of) => Object.fromEntries(keys.map((key) => [key, of(key)]));
const chosen = (keys, of) => pick(keys, (key) => of[key]);
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
// A text with its values: `{name}` stands for one.
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
// One value or a list of values from an address or a form, depending on the key.
const values = (source, key, name) =>
  (Array.isArray(EMPTY[key]) ? source.getAll(name) : source.get(name) ?? '');

// What does not stand in the address: a pasted text, because it may be unpublished and
// addresses end up in logs; and a query that makes the address longer than proxies take.
// The address has the name of a place in this tab's session storage instead.
const DEPTH = 'n'; // how many cards, where more are shown than at first
const PLACE = 'place';
const SHELVES = 'rftsearch.place.';
const LONGEST_ADDRESS = 2000;
const HEAVY = ['query', 'seed', 'liked', 'disliked', 'categories']; // left out in this order
let placed = { name: '', values: {} };

function fromAddress() {
  const params = new URLSearchParams(location.search);
  const view = { ...EMPTY, ...pick(Object.keys(NAMES), (key) => values(params, key, NAMES[key])) };
  const year = /^\d{4}$/; // typed by hand: the filters offer months only
  if (year.test(view.since)) view.since += '-01';
  if (year.test(view.until)) view.until += '-12';
  const depth = Number(params.get(DEPTH)) || STEP;
  view.k = Math.min(Math.max(Math.round(depth), STEP), MOST);
  return { ...view, ...stored(params.get(PLACE)) };
}

function toAddress(view) {
  const away = view.text ? ['text'] : [];
  let search = searchOf(view, away);
  for (const key of HEAVY) {
    if (search.length <= LONGEST_ADDRESS) break;
    away.push(key);
    search = searchOf(view, away);
  }
  return location.pathname + (search ? `?${search}` : '') + location.hash;
}

function searchOf(view, away) {
  const params = new URLSearchParams(location.search);
  for (const [key, name] of Object.entries(NAMES)) {
    params.delete(name);
    if (away.includes(key)) continue;
    for (const value of [view[key]].flat()) if (value) params.append(name, value);
  }
  params.delete(DEPTH);
  if (view.k > STEP) params.set(DEPTH, view.k);
  params.delete(PLACE);
  if (away.length) params.set(PLACE, store(chosen(away, view)));
  return params.toString();
}

function store(values) {
  if (same(values, placed.values)) return placed.name;
  const random = crypto.getRandomValues(new Uint32Array(2));
  placed = { name: [...random].map((number) => number.toString(36)).join(''), values };
  try {
    sessionStorage.setItem(SHELVES + placed.name, JSON.stringify(values));
  } catch {
    // a window that keeps nothing; its history still does
  }
  return placed.name;
}

function stored(name) {
  if (!name) return {};
  let values = {};
  try {
    values = JSON.parse(sessionStorage.getItem(SHELVES + name)) ?? {};
  } catch {
    // a window that keeps nothing
  }
  if (!Object.keys(values).length) values = chosen(['text', 'query'], history.state?.view ?? EMPTY);
  placed = { name, values };
  return values;
}
