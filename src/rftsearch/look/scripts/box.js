// One box for everything: a topic, a name, an id, or a text. What has more words than a
// question is read as a text; the box then has several lines, and says what it does.

let wordsWanted = false; // the reader wants a long text searched for its words

const ARXIV_ID = /\d{4}\.\d{4,5}|[a-z-]+\/\d{7}/; // of both kinds
const countWords = (text) => text.split(/\s+/).filter(Boolean).length;
const isLong = (text) => countWords(text) > TEXTS.ask.words_of_a_text;
const box = () => ($('#text').hidden ? $('#query') : $('#text'));

// Show what the view asks in words.
function type(query, text = '') {
  if (!$('#query')) return;
  wordsWanted = !text && isLong(query);
  box().value = text || query;
  fitBox();
}

// Show the box that fits what stands in it, with the cursor where it was.
function fitBox() {
  const [from, { value }] = [box(), box()];
  const asText = isLong(value) && !wordsWanted;
  const to = $(asText ? '#text' : '#query');
  if (to !== from) {
    const [held, at] = [document.activeElement === from, from.selectionStart];
    to.value = value;
    [to.hidden, from.hidden, from.value] = [false, true, ''];
    if (from.id === 'query') fold(from);
    if (held) {
      to.focus({ preventScroll: true });
      to.setSelectionRange(at, at);
    }
  }
  sayHow(value);
}

function sayHow(value) {
  const said = $('#text-said');
  if (!isLong(value)) { said.replaceChildren(); return; }
  const { ask: words } = TEXTS;
  const other = document.createElement('button');
  Object.assign(other, { type: 'button', className: 'quiet', textContent: wordsWanted ? words.as_text : words.as_query });
  other.dataset.action = 'reading';
  const number = countWords(value).toLocaleString('en');
  said.replaceChildren(filled(wordsWanted ? words.words : words.text, { number }), ' ', other);
}

function submitBox() {
  const { value } = box();
  if (isLong(value) && !wordsWanted) {
    go({ ...NO_QUESTION, text: value.trim() }, toResults);
    return;
  }
  fold($('#query'));
  const named = /^(?:papers?|more|something)? ?(?:like|similar to):? +(.+)$/i.exec(value.trim())?.[1];
  if (named) likeNamed(named, value.trim());
  else search(value.trim());
}

// "Papers like NAME" asks for papers like that one; where no paper is called so, it is a question.
async function likeNamed(name, query) {
  const found = ((await inTime(server.suggest(name))) ?? []).filter((one) => !one.author);
  const typed = name.toLowerCase();
  const called = (one) => [one.name, one.title].some((words) => words.toLowerCase() === typed);
  const begins = found.filter((one) => one.name.toLowerCase().startsWith(typed));
  const paper = found.find(called) ?? (begins.length === 1 ? begins[0] : null);
  if (paper || ARXIV_ID.test(name)) like(paper?.id ?? name);
  else search(query);
}

// A paragraph with line breaks keeps them: a box of one line would not.
function onPaste(event) {
  if (event.target.id !== 'query') return;
  const pasted = event.clipboardData?.getData('text') ?? '';
  if (!isLong(pasted)) return;
  event.preventDefault();
  const { value, selectionStart: from, selectionEnd: to } = event.target;
  wordsWanted = false;
  const text = $('#text');
  [text.hidden, event.target.hidden, event.target.value] = [false, true, ''];
  text.value = (value.slice(0, from) + pasted + value.slice(to)).slice(0, text.maxLength);
  fold(event.target);
  text.focus();
  sayHow(text.value);
}

// Enter asks; Shift and Enter begin a line.
function onTextKey(event) {
  if (event.target.id !== 'text' || event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submitBox();
}
