// Copy a reference, download a file.

async function cite(id, button) {
  const bibtex = await inTime(server.cite(id));
  const done = Boolean(bibtex) && (await copy(bibtex));
  const words = button.querySelector('span') ?? button;
  words.textContent = done ? TEXTS.card.copied : TEXTS.card.not_copied;
  say(done ? TEXTS.card.copied_spoken : TEXTS.card.not_copied_spoken);
  setTimeout(() => { words.textContent = TEXTS.card.cite; }, 2000);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOld(text); // without https there is no clipboard API
  }
}

function copyOld(text) {
  const held = document.activeElement;
  const box = document.createElement('textarea');
  box.value = text;
  box.readOnly = true;
  box.style.cssText = 'position: fixed; top: 0; opacity: 0';
  document.body.append(box);
  box.select();
  const done = document.execCommand('copy');
  box.remove();
  held?.focus({ preventScroll: true });
  return done;
}

async function take(format, button) {
  button.closest('details').open = false;
  const file = await inTime(server.take({ view, what: button.dataset.what, format }));
  if (!file?.text) return say(TEXTS.results.nothing_to_download);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([file.text], { type: `${file.type};charset=utf-8` }));
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return say(filled(TEXTS.results.downloaded, file));
}

function say(words) {
  $('#spoken').textContent = words;
}
