// The tab "New": candidates, decisions, synchronising, and what changed. Gradio runs it with
// `element` and `server` each time it renders the panel.

const part = (name) => element.querySelector(`[data-part="${name}"]`);
const isOpen = () => document.body.dataset.tab === 'new';
const AGAIN = 400; // ms between two questions how far a task is

window.rftsearchNew?.(); // if Gradio renders the panel again
const stop = new AbortController();
window.rftsearchNew = () => stop.abort();

let version = ''; // of the index, when it was last looked at
let watched = false; // whether a task is being watched
const shown = {};

// --- show what the server says ---

// A key by which a control is found again in the next markup.
const mark = (control) => [control.dataset.do, control.dataset.value, control.name].join();

function put(name, markup) {
  if (markup === undefined || shown[name] === markup) return;
  const slot = part(name);
  const held = slot.contains(document.activeElement) ? mark(document.activeElement) : null;
  const open = [...slot.querySelectorAll('.card details[open]')]
    .map((one) => [one.closest('.card').dataset.id, one.className]);
  slot.innerHTML = markup;
  shown[name] = markup;
  for (const [id, kind] of open) {
    const again = [...slot.querySelectorAll('.card')].find((one) => one.dataset.id === id);
    const box = again && [...again.querySelectorAll('details')].find((one) => one.className === kind);
    if (box) box.open = true;
  }
  if (held === null) return;
  const again = [...slot.querySelectorAll('button, input, select')].find((one) => mark(one) === held);
  again?.focus({ preventScroll: true });
}

function show(answer) {
  for (const name of ['found', 'synced', 'lately']) put(name, answer[name]);
  if (answer.busy !== undefined) part('busy').textContent = answer.busy;
  if (answer.trouble !== undefined) {
    const words = answer.trouble.trim();
    part('trouble').textContent = words && `${words[0].toUpperCase()}${words.slice(1)}.`;
    part('trouble').hidden = !words;
  }
}

// Ask the server; what it cannot answer is said, and changes nothing.
async function ask(name, asked = {}, before = { trouble: '' }) {
  try {
    const answer = await server[name](asked);
    show({ ...before, ...answer });
    return answer;
  } catch {
    show({ trouble: 'the server does not answer; start the page again' });
    return {};
  }
}

// --- tasks that take long ---

async function run(name, asked) {
  if (watched) return;
  watched = true;
  let answer = await ask(name, asked);
  while (answer.busy && !stop.signal.aborted) {
    await new Promise((done) => { setTimeout(done, AGAIN); });
    answer = await ask('progress');
  }
  watched = false;
  if (!answer.trouble || name === 'synchronise') await look(answer.trouble);
}

// Show everything anew; if the index has changed, the rest of the page asks again.
async function look(trouble) {
  const before = version;
  const answer = await ask('state');
  if (trouble) show({ trouble });
  version = answer.version ?? version;
  if (before && version !== before) document.dispatchEvent(new Event('rftsearch:refresh'));
  await lately();
  if (answer.busy) run('progress');
}

// --- what changed lately ---

function lately() {
  const value = (name) => element.querySelector(`[data-part="lately"] [name="${name}"]`)?.value ?? '';
  const asked = { view: window.rftsearchView ?? {}, since: value('since') };
  return ask('lately', { ...asked, ...chosen }, {}); // beside it, what went wrong stays
}

let chosen = {}; // the states that are compared, once somebody has chosen

// --- wiring ---

const DO = {
  async accept(id, button) { await decide(id, button, 'accept'); },
  async dismiss(id, button) { await decide(id, button, 'dismiss'); },
  sync() { run('synchronise', {}); },
  apply() { run('synchronise', { apply: 'yes' }); },
  force() { run('synchronise', { force: 'yes' }); },
  'apply-forced': () => run('synchronise', { apply: 'yes', force: 'yes' }),
  async copy(_, button) {
    const text = button.parentElement.querySelector('pre').textContent;
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      done = false;
    }
    button.textContent = done ? 'Copied' : 'Select it and copy';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  },
};

// A second press takes a decision back.
async function decide(id, button, verdict) {
  const taken = button.getAttribute('aria-pressed') === 'true';
  await ask('decide', { id, verdict: taken ? '' : verdict });
}

element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-do]');
  if (button) DO[button.dataset.do](button.dataset.value, button);
}, { signal: stop.signal });

element.addEventListener('submit', (event) => {
  const form = event.target.closest('[data-form]');
  if (!form) return;
  event.preventDefault();
  const values = Object.fromEntries(new FormData(form));
  if (form.dataset.form === 'propose') run('propose', values);
  else lately();
}, { signal: stop.signal });

element.addEventListener('change', (event) => {
  const form = event.target.closest('[data-form="diff"]');
  if (!form) return;
  chosen = Object.fromEntries(new FormData(form));
  lately();
}, { signal: stop.signal });

let wasOpen = false;
function opened() {
  if (isOpen() && !wasOpen) look();
  wasOpen = isOpen();
}
const watcher = new MutationObserver(opened);
watcher.observe(document.body, { attributes: true, attributeFilter: ['data-tab'] });
stop.signal.addEventListener('abort', () => watcher.disconnect());
document.addEventListener('rftsearch:answered', () => { if (isOpen()) lately(); }, { signal: stop.signal });
opened();
