// Wiring.

window.rftsearchStop?.(); // where Gradio puts the box on the page anew
const stop = new AbortController();
window.rftsearchStop = () => stop.abort();
const on = (target, name, then, capture = false) =>
  target.addEventListener(name, then, { capture, signal: stop.signal });

on(document, 'click', onClick);
on(document, 'submit', onSubmit);
on(document, 'change', onChange);
on(document, 'input', onInput);
on(document, 'keydown', onKey);
on(document, 'keydown', onEscape);
on(document, 'paste', onPaste);
on(document, 'mousedown', onPress);
on(document, 'focusout', onLeave);
on(document, 'toggle', onToggle, true);
on(document, 'rftsearch:change', onChangeWanted);
on(document, 'rftsearch:note', onNoted);
on(window, 'popstate', onReturn);
on(window, 'storage', onStored);
on(window, 'online', () => { if (!$('#trouble').hidden) send(); });

// Gradio puts the parts on the page one by one, in no order to rely on.
function begin() {
  if (!Object.values(SLOTS).every((slot) => $(`${slot} .slot`)) || !$('#tabs button')) {
    return setTimeout(begin, 10);
  }
  view = { ...view, ...firstBasket(view) };
  type(view.query);
  if (view.text) $('#text').value = view.text;
  $('#query').focus({ preventScroll: true });
  return adjust();
}

// What an address asks for is not preceded by what it does not ask for.
if (location.search) document.body.classList.add('waiting');
history.scrollRestoration = 'manual';
begin();
