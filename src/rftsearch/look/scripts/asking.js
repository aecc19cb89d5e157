// Queries and answers. Only the last query counts. It waits briefly for the answer to the
// previous one, which may be waiting for arXiv.

const PATIENCE = 60_000; // ms; a query that asks arXiv first may take more than 20 s
const SLOW = 1500; // ms; by then the page says what it waits for
const OVERTAKING = 300; // ms; most answers are there by then
const SLOTS = { masthead: '#masthead', panel: '#panel', found: '#found', basket: '#basket' };

let view = fromAddress();
let version = ''; // version of the index that answered last
let busy = false;
let given = false; // whether the reader gave up the query that is under way
let changed = false; // whether the view changed while a query was under way
let overtake = () => {}; // gives up the query that is under way
let settle = () => {}; // what to do once the answer is there
let retry = 0; // timer of the next try after the server did not answer
let pause = 0; // ms before it
const unfolded = new Set(); // ids of the cards whose abstract is open
const shown = {}; // the markup in each slot

// How many cards a new answer begins with.
const depth = () => (layout() === 'compact' ? MOST_COMPACT * STEP : STEP);

function ask(change = {}, then = () => {}) {
  view = { ...view, k: depth(), ...change };
  settle = then;
  reflect();
  send();
}

async function send() {
  changed = true;
  if (busy) {
    setTimeout(overtake, OVERTAKING);
    return;
  }
  busy = true;
  clearTimeout(retry);
  const slow = setTimeout(sayWaiting, SLOW);
  $('#found').setAttribute('aria-busy', 'true');
  let answer;
  while (changed) {
    changed = false;
    const overtaken = new Promise((done) => { overtake = done; });
    answer = await Promise.race([inTime(server.show({ ...view, version })), overtaken]);
  }
  busy = false;
  clearTimeout(slow);
  $('#asking').hidden = true;
  $('#found').removeAttribute('aria-busy');
  if (given) onGivenUp();
  else if (answer) onAnswer(answer);
  else onFailure();
}

// A query that takes long can be given up: arXiv may be asked for a paper.
function sayWaiting() {
  const { ask: words } = TEXTS;
  const outside = ARXIV_ID.test(view.seed);
  $('#asking span').textContent = outside ? filled(words.arxiv, { id: view.seed }) : words.waiting;
  $('#asking').hidden = false;
}

function cancel() {
  given = busy;
  changed = false;
  overtake();
}

// The page still shows what it showed before; the view goes back there.
function onGivenUp() {
  given = false;
  settle = () => {};
  document.body.classList.remove('waiting');
  $('#spoken').textContent = TEXTS.ask.cancelled;
  back();
}

// The value of a promise, or null if it fails or takes too long.
function inTime(promised) {
  const late = new Promise((done) => { setTimeout(done, PATIENCE); });
  return Promise.race([promised.catch(() => null), late]);
}

function onAnswer(answer) {
  ({ version } = answer);
  pause = 0;
  $('#trouble').hidden = true;
  $('#logged-out').hidden = true;
  nameInFull(answer.categories);
  for (const [name, slot] of Object.entries(SLOTS)) put(name, $(slot), answer[name]);
  document.body.classList.remove('waiting');
  reflect();
  shapeDots();
  showNotes();
  document.dispatchEvent(new Event('ZoteroItemUpdated')); // Zotero's button looks again
  $('#spoken').textContent = $('#found .answer')?.dataset.spoken ?? '';
  const then = settle;
  settle = () => {};
  then();
  document.dispatchEvent(new Event('rftsearch:answered'));
}

// An address may hold part of a category's name; check boxes and later queries use it in full.
function nameInFull(categories) {
  if (same(view.categories, categories)) return;
  view = { ...view, categories };
  history.replaceState({ ...history.state, view }, '', toAddress(view));
}

// The server is gone or failed: the page keeps what it shows.
async function onFailure() {
  document.body.classList.remove('waiting');
  const refusal = await refused();
  if (busy) return; // another query is under way by now
  $('#logged-out').hidden = refusal?.status !== 401;
  $('#trouble').hidden = !$('#logged-out').hidden;
  if (!$('#logged-out').hidden) return;
  $('#trouble span').textContent = refusal?.error ?? props.trouble;
  pause = Math.min(Math.max(pause * 2, 2000), 30_000);
  retry = setTimeout(send, pause);
}

// Whether the server refuses all that this page asks, and why: Gradio does not say.
async function refused() {
  try {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch('gradio_api/cancel', { method: 'POST', headers, body: '{}' });
    if (![401, 403, 421].includes(answer.status)) return null;
    return { status: answer.status, error: (await answer.json()).error };
  } catch {
    return null; // it is gone
  }
}

// A new query makes a new entry in the browser's history.
function go(change, then) {
  history.replaceState({ ...history.state, scroll: scrollY }, '');
  unfolded.clear();
  ask(change, then);
  history.pushState({ view, step: (history.state?.step ?? 0) + 1 }, '', toAddress(view));
}

// The same query with another filter or more cards.
function adjust(change, then) {
  ask(change, then);
  history.replaceState({ ...history.state, view }, '', toAddress(view));
}

function back() {
  if (history.state?.step) history.back();
  else go({ seed: '', text: '', show: '' }, toResults);
}

function onReturn(event) {
  view = { ...(event.state?.view ?? fromAddress()), ...chosen(BASKET, view) };
  history.replaceState({ ...history.state, view }, '', toAddress(view));
  type(view.query, view.text);
  const scroll = event.state?.scroll ?? 0;
  ask({ k: view.k }, () => scrollTo({ top: scroll }));
}

// --- show an answer ---

// Replace only what changed, and keep the keyboard focus on its control.
function put(name, slot, markup) {
  if (shown[name] === markup) return;
  const held = slot.contains(document.activeElement) ? document.activeElement : null;
  const mark = held && identity(held);
  const scrolled = $('.many', slot)?.scrollTop ?? 0;
  slot.querySelector('.slot').innerHTML = markup;
  if (scrolled) $('.many', slot)?.scrollTo({ top: scrolled });
  shown[name] = markup;
  for (const abstract of all('.card .abstract', slot)) {
    abstract.open = unfolded.has(abstract.closest('.card').dataset.id);
  }
  if (!mark) return;
  const again = all('a, button, input, select, summary, [tabindex]', slot)
    .find((control) => identity(control) === mark);
  (again ?? $('#heading')).focus({ preventScroll: true });
}

// A key that identifies a control in this answer and in the next.
function identity(control) {
  return JSON.stringify([
    control.tagName, control.id, control.name, control.type === 'submit' || control.value,
    control.dataset.action, control.dataset.value, control.closest('[data-id]')?.dataset.id,
    control.parentElement?.className,
  ]);
}
