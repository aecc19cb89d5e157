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
  if (view.show && !view.liked.length && !view.disliked.length) go({ show: '' });
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
