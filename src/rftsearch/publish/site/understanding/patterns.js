// The patterns of the Python readers, as they stand in `index.json`, for a browser. The two differ
// in little: here `\w` and `\b` know no letters beyond ASCII, and groups are named otherwise.

const LETTERS = "\\p{L}\\p{N}_";
const EDGE = `(?:(?<=[${LETTERS}])(?![${LETTERS}])|(?<![${LETTERS}])(?=[${LETTERS}]))`;
const OUTSIDE = { w: `[${LETTERS}]`, W: `[^${LETTERS}]`, d: "\\p{Nd}", b: EDGE };
const INSIDE = { w: LETTERS, d: "\\p{Nd}" };

/** Return a pattern of Python as an expression: {pattern, small} of `index.json`, and more flags. */
export function compile({ pattern, small }, flags = "") {
  return new RegExp(translated(pattern), `${flags}u${small ? "i" : ""}`);
}

/**
 * Return a table of `index.json` whose patterns are expressions that find all matches, with the
 * places of their groups.
 */
export function compiled(table) {
  if (Array.isArray(table)) return table.map(compiled);
  if (!table || typeof table !== "object") return table;
  if ("pattern" in table) return compile(table, "dg");
  return Object.fromEntries(Object.entries(table).map(([name, one]) => [name, compiled(one)]));
}

function translated(pattern) {
  let written = "";
  let at = 0;
  while (at < pattern.length) {
    const sign = pattern[at];
    if (sign === "\\") {
      written += OUTSIDE[pattern[at + 1]] ?? escape(pattern[at + 1]);
      at += 2;
    } else if (sign === "[") {
      const end = endOfClass(pattern, at);
      written += classOf(pattern.slice(at + 1, end));
      at = end + 1;
    } else if (pattern.startsWith("(?P<", at)) {
      written += "(?<";
      at += 4;
    } else {
      written += sign;
      at += 1;
    }
  }
  return written;
}

function endOfClass(pattern, start) {
  let at = start + 1;
  while (pattern[at] !== "]") at += pattern[at] === "\\" ? 2 : 1;
  return at;
}

/** Return a class of letters; `\W` in one is "no letter", which stands beside the others. */
function classOf(content) {
  const other = content.startsWith("^");
  const members = other ? content.slice(1) : content;
  const rest = members.replaceAll("\\W", "").replace(/\\(.)/g, (_, one) => INSIDE[one] ?? escape(one));
  if (!members.includes("\\W")) return `[${other ? "^" : ""}${rest}]`;
  return other ? `(?:(?![${rest}])[${LETTERS}])` : `(?:[${rest}]|[^${LETTERS}])`;
}

/** Return a sign with the backslash before it, if it may have one here. */
const escape = (sign) => (/[-'"& ]/.test(sign) && sign !== "-" ? sign : `\\${sign}`);
