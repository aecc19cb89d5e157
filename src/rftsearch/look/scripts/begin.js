// Wiring.

window.rftsearchStop?.(); // if Gradio renders the box again
const stop = new AbortController();
window.rftsearchStop = () => stop.abort();
const on = (target, name, then, capture = false) =>
  target.addEventListener(name, then, { capture, signal: stop.signal });

on(document, 'click', onClick);
on(document, 'submit', onSubmit);
on(document, 'change', onChange);
on(document, 'input', onInput);
on(document, 'keydown', onKey);
on(document, 'keydown', onTextKey);
on(document, 'keydown', onEscape);
on(document, 'keydown', onShortcut);
on(document, 'change', onKeysSwitched);
on(document, 'input', onNoteWritten);
on(document, 'paste', onPaste);
on(document, 'mousedown', onPress);
on(document, 'focusout', onLeave);
on(document, 'toggle', onToggle, true);
on(document, 'rftsearch:change', onChangeWanted);
on(document, 'rftsearch:note', onNoted);
on(document, 'rftsearch:refresh', () => send());
on(window, 'popstate', onReturn);
on(window, 'storage', onStored);
on(window, 'online', () => { if (!$('#trouble').hidden) send(); });

// Gradio renders the parts one by one, in no fixed order.
function begin() {
  if (!Object.values(SLOTS).every((slot) => $(`${slot} .slot`)) || !$('#tabs button')) {
    return setTimeout(begin, 10);
  }
  view = { ...view, ...firstBasket(view) };
  type(view.query, view.text);
  box().focus({ preventScroll: true });
  return adjust({ k: Math.max(view.k, depth()) });
}

// A page opened with a query does not first show results without it.
if (location.search) document.body.classList.add('waiting');
history.scrollRestoration = 'manual';
begin();
