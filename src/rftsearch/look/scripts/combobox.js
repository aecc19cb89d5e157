// A box and the list of what it offers: the ARIA combobox. One list is open at a time.

let offered = [];
let active = -1;

const listOf = (box) => document.getElementById(box.getAttribute('aria-controls'));
const isOpen = () => offered.length > 0;

// Show what a box offers, each with a name and a title; nothing closes the list.
function offer(box, found) {
  offered = found;
  active = -1;
  const list = listOf(box);
  list.replaceChildren(...found.map(({ name, title }, place) => {
    const item = document.createElement('li');
    item.id = `${list.id}-${place}`;
    item.role = 'option';
    item.ariaSelected = 'false';
    const lead = document.createElement('b');
    lead.textContent = name;
    item.append(lead, title && ` ${title}`);
    return item;
  }));
  list.hidden = !found.length;
  box.ariaExpanded = String(!list.hidden);
  box.removeAttribute('aria-activedescendant');
}

function mark(box, place) {
  active = (place + offered.length) % offered.length;
  const list = listOf(box);
  [...list.children].forEach((item, at) => {
    item.ariaSelected = String(at === active);
    if (at === active) item.scrollIntoView({ block: 'nearest' });
  });
  box.setAttribute('aria-activedescendant', `${list.id}-${active}`);
}

// Act on a key in the box: `choose` takes what was chosen, `fold` closes the list.
function onOfferKey(event, choose, fold) {
  const box = event.target;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && isOpen()) {
    event.preventDefault();
    mark(box, active < 0 && step < 0 ? offered.length - 1 : active + step);
  } else if (event.key === 'Escape' && isOpen()) {
    event.preventDefault();
    fold(box);
  } else if (event.key === 'Enter' && active >= 0) {
    event.preventDefault();
    choose(box, offered[active]);
  }
}

// Act on the press of a pointer upon an offer.
function onOfferPress(event, choose) {
  const item = event.target.closest?.('.offers > li');
  if (!item) return;
  event.preventDefault(); // keep the focus in the box until the choice is made
  const list = item.parentElement;
  choose(document.querySelector(`[aria-controls="${list.id}"]`), offered[[...list.children].indexOf(item)]);
}
