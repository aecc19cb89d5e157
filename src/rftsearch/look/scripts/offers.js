// The box suggests papers and authors while the user types: the ARIA combobox with a list.

const LEAST_TYPED = 2; // characters from which names are suggested

let typed = 0; // counts changes, so that late suggestions are dropped
let offered = [];
let active = -1;

const listOf = (box) => document.getElementById(box.getAttribute('aria-controls'));

async function suggestions(text) {
  const turn = ++typed;
  let found = [];
  if (text.trim().length >= LEAST_TYPED) found = (await inTime(server.suggest(text))) ?? [];
  const first = found.find((one) => !one.author);
  // The last one offers what is like the first paper.
  if (first) found = [...found, { like: first.id, name: filled(TEXTS.ask.like, first), title: '' }];
  return turn === typed ? found : null;
}

function offer(box, found) {
  offered = found;
  active = -1;
  const list = listOf(box);
  list.replaceChildren(...found.map((paper, place) => {
    const item = document.createElement('li');
    item.id = `${list.id}-${place}`;
    item.role = 'option';
    item.ariaSelected = 'false';
    const name = document.createElement('b');
    name.textContent = paper.name;
    item.append(name, paper.title && ` ${paper.title}`);
    return item;
  }));
  list.hidden = !found.length;
  box.ariaExpanded = String(!list.hidden);
  box.removeAttribute('aria-activedescendant');
}

function fold(box) {
  typed += 1;
  offer(box, []);
}

function mark(box, place) {
  active = (place + offered.length) % offered.length;
  const list = listOf(box);
  all('li', list).forEach((item, at) => {
    item.ariaSelected = String(at === active);
    if (at === active) item.scrollIntoView({ block: 'nearest' });
  });
  box.setAttribute('aria-activedescendant', `${list.id}-${active}`);
}

function choose(box, place) {
  const found = offered[place];
  fold(box);
  if (found.author) ACTIONS.author(found.author);
  else if (found.like) like(found.like);
  else search(found.name);
}

async function onInput({ target }) {
  if (!target.closest('#ask .box')) return;
  fitBox();
  if (target.id !== 'query' || target.hidden) return;
  const found = await suggestions(target.value);
  if (found) offer(target, found);
}

function onKey(event) {
  const box = event.target;
  if (box.id !== 'query' || event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && offered.length) {
    event.preventDefault();
    mark(box, active < 0 && step < 0 ? offered.length - 1 : active + step);
  } else if (event.key === 'Escape' && offered.length) {
    event.preventDefault();
    fold(box);
  } else if (event.key === 'Enter' && active >= 0) {
    event.preventDefault();
    choose(box, active);
  }
}

function onPress(event) {
  const item = event.target.closest?.('.offers > li');
  if (!item) return;
  event.preventDefault(); // keep the focus in the box until the choice is made
  const box = $(`[aria-controls="${item.parentElement.id}"]`);
  choose(box, all('li', item.parentElement).indexOf(item));
}

function onLeave({ target }) {
  if (target.id === 'query') fold(target);
}
