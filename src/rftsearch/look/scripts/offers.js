// Boxes that suggest papers while the user types: the ARIA combobox with a list.

const OFFERING = {
  // In the search box a suggestion is an author, or a name to search for; Enter searches the typed text.
  query: {
    least: 2,
    choose(found) {
      if (found.author) ACTIONS.author(found.author);
      else search(found.name);
    },
    enter: null,
  },
  // In the other box it is the paper to find similar papers for.
  pick: {
    least: 1,
    choose(paper) { like(paper.id); },
    // If not exactly one paper matches, send the typed text: it may be a full name or an arXiv
    // id; otherwise the answer suggests near names.
    async enter(text) {
      const found = await suggestions('pick', text);
      if (found) like(found.length === 1 ? found[0].id : text.trim());
    },
  },
};
const LONG = 300; // characters from which pasted text counts as a text, not a name

let typed = 0; // counts changes, so that late suggestions are dropped
let offered = [];
let active = -1;

const listOf = (box) => document.getElementById(box.getAttribute('aria-controls'));

async function suggestions(id, text) {
  const turn = ++typed;
  let found = [];
  if (text.trim().length >= OFFERING[id].least) found = (await inTime(server.suggest(text))) ?? [];
  // Only a paper has others like it.
  if (id === 'pick') found = found.filter((one) => !one.author);
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
    item.append(name, ` ${paper.title}`);
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
  const paper = offered[place];
  fold(box);
  OFFERING[box.id].choose(paper);
}

async function onInput({ target }) {
  if (!OFFERING[target.id]) return;
  const found = await suggestions(target.id, target.value);
  if (found) offer(target, found);
}

function onKey(event) {
  const box = event.target;
  if (!OFFERING[box.id] || event.isComposing) return;
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
  } else if (event.key === 'Enter' && OFFERING[box.id].enter && box.value.trim()) {
    event.preventDefault();
    const text = box.value;
    fold(box);
    OFFERING[box.id].enter(text);
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
  if (OFFERING[target.id]) fold(target);
}

// A paragraph pasted into the box for names moves to the box for texts.
function onPaste(event) {
  if (event.target.id !== 'pick') return;
  const text = event.clipboardData?.getData('text') ?? '';
  if (text.trim().length < LONG && !text.trim().includes('\n')) return;
  event.preventDefault();
  openPaste(text.trim());
}

function openPaste(text = view.text) {
  $('#paste').open = true;
  document.body.classList.add('pick-open');
  const box = $('#text');
  if (text) box.value = text.slice(0, box.maxLength);
  box.focus();
}
