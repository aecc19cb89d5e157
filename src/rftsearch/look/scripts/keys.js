// Keys for the whole page. They act where nobody types, and can be switched off.

const KEYS_OFF = 'rftsearch.keys';

const KEYS = {
  '/': toBox,
  j: () => step(1), k: () => step(-1), ArrowDown: () => step(1), ArrowUp: () => step(-1),
  o: openCard,
  c: () => onCard('cite'), m: () => onCard('like'), '+': () => onCard('plus'), '=': () => onCard('plus'),
  '-': () => onCard('minus'),
  b: () => { if ($('#basket .basket')) ACTIONS.basket(); },
  '?': showKeys,
};

function keysAreOn() {
  try {
    return localStorage.getItem(KEYS_OFF) !== 'off';
  } catch {
    return true;
  }
}

function onShortcut(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const act = KEYS[event.key];
  const { target } = event;
  // In a box the key is typed; the map and an open window have keys of their own.
  if (!act || !keysAreOn() || target.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=application], dialog')) return;
  const arrow = event.key.startsWith('Arrow');
  // Arrow keys scroll the page until the reader is among the papers.
  if (arrow && (!target.closest('#found .cards') || event.shiftKey)) return;
  event.preventDefault();
  act();
}

function toBox() {
  const box = $('#text').hidden ? $('#query') : $('#text');
  box.focus();
  box.select();
  scrollTo({ top: 0 });
}

// --- through the cards ---

const cards = () => all('#found .cards > li');
const current = () => document.activeElement?.closest?.('#found .cards > li') ?? null;
const entrance = (item) => item?.querySelector('.name a') ?? item;

let last = ''; // id of the card the reader was on: an answer may have replaced it

function step(by) {
  const items = cards();
  if (!items.length) return;
  const here = items.indexOf(current() ?? items.find((item) => item.dataset.id === last));
  const next = here < 0 ? 0 : here + by;
  if (next >= items.length) { $('#found .more')?.focus(); return; }
  goTo(items[Math.max(next, 0)]);
}

function goTo(item) {
  last = item.dataset.id;
  const link = entrance(item);
  if (link === item) item.tabIndex = -1;
  link.focus({ preventScroll: true });
  item.scrollIntoView({ block: 'nearest' });
}

// The card that a key acts on: that with the focus, or else the one the reader was on.
const subject = () => current() ?? cards().find((item) => item.dataset.id === last) ?? cards()[0];

function openCard() {
  const link = subject()?.querySelector('.name a');
  if (link) open(link.href, '_blank', 'noopener');
}

function onCard(action) {
  const item = subject();
  last = item?.dataset.id ?? '';
  item?.querySelector(`[data-action=${action}]`)?.click();
}

// --- the window that names them ---

function showKeys() {
  const dialog = $('#keys');
  $('#keys-on').checked = keysAreOn();
  dialog.showModal();
}

function onKeysSwitched({ target }) {
  if (target.id !== 'keys-on') return;
  try {
    localStorage.setItem(KEYS_OFF, target.checked ? 'on' : 'off');
  } catch {
    // nothing is kept; the keys stay on
  }
}
