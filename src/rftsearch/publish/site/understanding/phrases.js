// Exact phrases in a question, which papers must have: `"reward hacking"`; and words that they
// must not have: `-survey`. The rules are those of `rftsearch/search/understanding/phrases.py`.

const QUOTED = /((?<!\S)-)?["\u201c\u201d]([^"\u201c\u201d]+)["\u201c\u201d]/g;
const REFUSED = /(?<=\s)-([\p{L}\p{N}][\p{L}\p{N}_-]*)(?=[\s,;]|$)/gu;

/** Return exact phrases and refused words. */
export function readPhrases(reading) {
  const quoted = reading.matches(QUOTED)
    .map((match) => [match, match[2].trim().split(/\s+/u).join(" "), Boolean(match[1])])
    .filter(([, phrase]) => /[\p{L}\p{N}_]/u.test(phrase));
  const refused = reading.matches(REFUSED).map((match) => [match, match[1], true]);
  return [...quoted, ...refused].map((one) => partOf(reading, ...one));
}

function partOf(reading, match, phrase, refused) {
  const having = reading.index.rowsWith(phrase);
  const [start, end] = [match.index, match.index + match[0].length];
  const some = having.some(Boolean);
  if (!refused) {
    const label = some ? `exactly “${phrase}”` : `no paper has exactly “${phrase}”`;
    return reading.part("phrases", "exact", start, end, label, { applied: some, rows: having, instead: phrase });
  }
  const every = having.every(Boolean);
  const label = !some ? `no paper mentions “${phrase}”` : every ? `every paper mentions “${phrase}”` : `without “${phrase}”`;
  return reading.part("phrases", "refusal", start, end, label, { applied: !every, rows: having });
}
