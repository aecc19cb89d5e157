// The basket: ids of liked and disliked papers. It is part of the view, is saved in the
// browser, and stays the same when the user goes back or forward. A basket that came with
// somebody else's address is shown without changing the saved one.

const SHELF = 'rftsearch.basket';

function savedBasket() {
  const ids = (list) => (Array.isArray(list) ? list.filter((id) => typeof id === 'string') : []);
  try {
    const saved = JSON.parse(localStorage.getItem(SHELF)) ?? {};
    return pick(BASKET, (side) => ids(saved[side]));
  } catch {
    return chosen(BASKET, EMPTY);
  }
}

let borrowed = false; // whether the basket shown is not the saved one

function saveBasket() {
  if (borrowed) return;
  try {
    localStorage.setItem(SHELF, JSON.stringify(chosen(BASKET, view)));
  } catch {
    // storage is not allowed; the address still holds the basket
  }
}

// The basket of the address; without one, the saved basket.
function firstBasket(view) {
  const saved = savedBasket();
  const filled = (basket) => basket.liked.length + basket.disliked.length > 0;
  borrowed = filled(view) && filled(saved) && !same(chosen(BASKET, view), saved);
  return filled(view) ? chosen(BASKET, view) : saved;
}

function changeBasket(change) {
  view = { ...view, ...change };
  saveBasket();
  if (view.show === 'basket' && !view.liked.length && !view.disliked.length) go({ show: '' });
  else adjust({ ...change, k: view.k });
}

// Put a paper on one side of the basket, or remove it if it is already there.
function vote(side, id) {
  const other = side === 'liked' ? 'disliked' : 'liked';
  const without = (ids) => ids.filter((one) => one !== id);
  const here = view[side].includes(id);
  changeBasket({
    [side]: here ? without(view[side]) : [...view[side], id],
    [other]: without(view[other]),
  });
}

// --- taking papers out, and putting them back ---

const TIME_TO_UNDO = 12_000; // ms

let before = null; // the basket before papers were taken out
let forget = 0;

function takeOut(change, words) {
  before = chosen(BASKET, view);
  changeBasket(change);
  const bar = $('#undone');
  $('span', bar).textContent = words;
  bar.hidden = false;
  clearTimeout(forget);
  forget = setTimeout(() => { bar.hidden = true; }, TIME_TO_UNDO);
}

function undo() {
  $('#undone').hidden = true;
  if (before) changeBasket(before);
  before = null;
}

function removeFromBasket(id) {
  const name = nameOf(id);
  takeOut(pick(BASKET, (side) => view[side].filter((one) => one !== id)), filled(TEXTS.basket.removed, { name }));
}

function emptyBasket() {
  const number = view.liked.length + view.disliked.length;
  takeOut(chosen(BASKET, EMPTY), filled(TEXTS.basket.cleared, { number }));
}

function nameOf(id) {
  const chip = all('#basket [data-action=inside]').find((button) => button.dataset.value === id);
  return chip?.lastChild.textContent.trim() ?? id;
}

// --- a note for each paper, kept in this browser and nowhere else ---

const NOTES = 'rftsearch.notes';
let unkept = {}; // where storage is not allowed they last as long as the page

function notes() {
  try {
    const kept = JSON.parse(localStorage.getItem(NOTES)) ?? {};
    return typeof kept === 'object' ? kept : {};
  } catch {
    return unkept;
  }
}

function onNoteWritten({ target }) {
  const id = target.dataset?.note;
  if (!id) return;
  const kept = notes();
  if (target.value.trim()) kept[id] = target.value;
  else delete kept[id];
  try {
    localStorage.setItem(NOTES, JSON.stringify(kept));
  } catch {
    unkept = kept;
  }
}

function showNotes() {
  const kept = notes();
  for (const place of all('[data-note]')) {
    if (place !== document.activeElement) place.value = kept[place.dataset.note] ?? '';
  }
}
