// The basket: ids of papers that are liked and disliked. It is part of the view, lasts
// in the browser, and goes along wherever one goes back or forward to. A basket that
// came with someone else's address is shown without touching one's own.

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

let borrowed = false; // whether the basket on the page is not the one that is kept here

function saveBasket() {
  if (borrowed) return;
  try {
    localStorage.setItem(SHELF, JSON.stringify(chosen(BASKET, view)));
  } catch {
    // a window that keeps nothing; the address still holds the basket
  }
}

// The basket of the address, or where there is none the one that is kept here.
function firstBasket(view) {
  const saved = savedBasket();
  const filled = (basket) => basket.liked.length + basket.disliked.length > 0;
  borrowed = filled(view) && filled(saved) && !same(chosen(BASKET, view), saved);
  return filled(view) ? chosen(BASKET, view) : saved;
}

function changeBasket(change) {
  view = { ...view, ...change };
  saveBasket();
  if (view.show && !view.liked.length && !view.disliked.length) go({ show: '' });
  else adjust({ ...change, k: view.k });
}

// Put a paper on one side, or take it off again where it is there already.
function vote(side, id) {
  const other = side === 'liked' ? 'disliked' : 'liked';
  const without = (ids) => ids.filter((one) => one !== id);
  const here = view[side].includes(id);
  changeBasket({
    [side]: here ? without(view[side]) : [...view[side], id],
    [other]: without(view[other]),
  });
}
