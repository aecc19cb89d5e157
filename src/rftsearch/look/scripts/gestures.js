// Gestures: what clicks, changes and keys mean.

function search(query) {
  type(query);
  go({ ...NO_QUESTION, query }, () => toResults({ focus: false }));
}

function like(id) {
  go({ ...NO_QUESTION, query: view.query, seed: id }, toResults);
}

const ACTIONS = {
  example(_, button) { search(button.textContent.trim()); },
  like,
  back,
  more() {
    const last = all('#found .cards > li').length;
    const next = () => all('#found .cards > li')[last]?.querySelector('a, button');
    adjust({ k: view.k + STEP }, () => next()?.focus({ preventScroll: true }));
  },
  clear() { adjust(chosen(FILTERS, EMPTY)); },
  drop(filter) {
    adjust(chosen(filter === 'months' ? ['since', 'until'] : [filter], EMPTY), toResults);
  },
  author(name) {
    type('');
    go({ ...EMPTY, ...chosen(BASKET, view), authors: [name] }, toResults);
  },
  ignore(part) { adjust({ ignore: [...view.ignore, part] }, () => $('#heading').focus({ preventScroll: true })); },
  only(value, button) {
    const filter = button.dataset.filter;
    adjust({ [filter]: [...view[filter], value] }, () => $('#heading').focus({ preventScroll: true }));
  },
  layout(name) { setLayout(name); },
  keys() { showKeys(); },
  unkeys() { $('#keys').close(); },
  skip() {
    if (cards().length) goTo(cards()[0]);
    else $('#heading').focus();
  },
  everyone(_, button) {
    const rest = button.nextElementSibling;
    rest.hidden = !rest.hidden;
    button.setAttribute('aria-expanded', String(!rest.hidden));
    button.textContent = rest.hidden ? filled(TEXTS.card.everyone, { number: all('a', rest).length }) : TEXTS.card.fewer;
  },
  tab(name) { go({ tab: name, k: view.k }); },
  plus(id) { vote('liked', id); },
  minus(id) { vote('disliked', id); },
  remove(id) { removeFromBasket(id); },
  empty() { emptyBasket(); },
  undo() { undo(); },
  basket() { go({ ...NO_QUESTION, query: view.query, show: 'saved', tab: '' }, toResults); },
  inside(id) {
    const there = () => {
      const item = all('#found .cards > li').find((one) => one.dataset.id === id);
      if (item) goTo(item);
    };
    if (view.show === 'saved') there();
    else go({ ...NO_QUESTION, query: view.query, show: 'saved', tab: '' }, there);
  },
  mine() {
    borrowed = false;
    adjust(savedBasket());
  },
  recommend() { go({ ...NO_QUESTION, query: view.query, show: 'basket' }, toResults); },
  cite,
  take,
  paste() { type(''); box().focus(); },
  reading() {
    wordsWanted = !wordsWanted;
    fitBox();
    submitBox();
  },
  again() { send(); },
  cancel() { cancel(); },
  login() { location.reload(); },
  unfold(part, button) { // on a phone
    const open = document.body.classList.toggle(`${part}-open`);
    button.setAttribute('aria-expanded', open);
  },
};

function onClick(event) {
  const button = event.target.closest('[data-action]');
  // A link that acts is followed where the browser opens it elsewhere.
  const elsewhere = button?.matches('a') && (event.ctrlKey || event.metaKey || event.shiftKey);
  if (button && !elsewhere) {
    if (button.matches('a')) event.preventDefault();
    ACTIONS[button.dataset.action](button.dataset.value, button);
  }
  // A click outside closes open menus.
  for (const open of all('details.take[open]')) {
    if (!open.contains(event.target)) open.open = false;
  }
}

function onSubmit(event) {
  if (event.target.matches('#filters')) event.preventDefault();
  else if (event.target.matches('.search')) {
    event.preventDefault();
    submitBox();
  }
}

function onChange(event) {
  if (event.target.closest('#filters')) adjust(formFilters());
  else if (event.target.closest('#found .sort')) {
    const list = event.target;
    // What the words ask for is undone as its chip undoes it.
    const part = $('#found .understood [data-sort] button')?.dataset.value;
    const change = { sort: list.selectedIndex ? list.value : '' };
    if (part && list.value === 'relevance') change.ignore = [...view.ignore, part];
    adjust(change);
  }
}

function onEscape(event) {
  if (event.key !== 'Escape') return;
  for (const open of all('details.take[open]')) {
    open.open = false;
    if (open.contains(document.activeElement)) open.querySelector('summary').focus();
  }
}

function onToggle(event) {
  const id = event.target.closest('.card')?.dataset.id;
  if (id && event.target.matches('.abstract')) unfolded[event.target.open ? 'add' : 'delete'](id);
}

// Another part of the page asks for a change of the view.
function onChangeWanted(event) {
  go(chosen(Object.keys(EMPTY).filter((key) => key in event.detail), event.detail));
}

// Another part of the page stores something in the address that does not change the results.
function onNoted(event) {
  view = { ...view, ...event.detail };
  history.replaceState({ ...history.state, view }, '', toAddress(view));
  reflect();
}

// Another window of this browser changed the basket.
function onStored(event) {
  if (event.key === SHELF && !borrowed) adjust({ ...savedBasket(), k: view.k });
}
