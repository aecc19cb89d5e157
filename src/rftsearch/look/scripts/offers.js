// The box suggests papers and authors while the user types.

const LEAST_TYPED = 2; // characters from which names are suggested

let typed = 0; // counts changes, so that late suggestions are dropped

async function suggestions(text) {
  const turn = ++typed;
  let found = [];
  if (text.trim().length >= LEAST_TYPED) found = (await inTime(server.suggest(text))) ?? [];
  const first = found.find((one) => !one.author);
  // The last one offers what is like the first paper.
  if (first) found = [...found, { like: first.id, name: filled(TEXTS.ask.like, first), title: '' }];
  return turn === typed ? found : null;
}

function fold(box) {
  typed += 1;
  offer(box, []);
}

function choose(box, found) {
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
  if (event.target.id === 'query' && !event.isComposing) onOfferKey(event, choose, fold);
}

function onPress(event) {
  onOfferPress(event, choose);
}

function onLeave({ target }) {
  if (target.id === 'query') fold(target);
}
