// Elements and texts. Everything that comes from a list is put into the page as text, and never
// as markup; addresses become links only if they are web addresses.

/**
 * Return an element.
 *
 * @param tag - Its name; `tag.class` gives it a class.
 * @param attributes - Its attributes; a function listens to the event of its name, `hue` is a
 *   colour, and what is null or false is left out.
 * @param children - Elements and texts; what is null or false is left out.
 */
export function make(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key, value);
    else if (key === "hue") element.style.setProperty("--hue", value);
    else if (key === "href") setAddress(element, value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  const shown = children.flat(Infinity);
  element.append(...shown.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Make an element a link to a web address, or to a place or a view of this page; to nothing else. */
function setAddress(element, address) {
  if (/^[#?]/.test(address)) element.setAttribute("href", address);
  else if (webAddress(address)) {
    element.setAttribute("href", address);
    element.setAttribute("target", "_blank");
    element.setAttribute("rel", "noopener noreferrer");
  }
}

/** Return whether a text is the address of a web page. */
export function webAddress(text) {
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

/** Return a button that does something. */
export const button = (kind, words, act, attributes = {}) =>
  make(`button${kind ? `.${kind}` : ""}`, { type: "button", click: act, ...attributes }, words);

const SVG = "http://www.w3.org/2000/svg";

/** Return the icon of a kind of link, or of what a button does. */
export function icon({ icons }, kind) {
  const picture = document.createElementNS(SVG, "svg");
  for (const [name, value] of [["class", "icon"], ["viewBox", "0 0 16 16"], ["aria-hidden", "true"]]) {
    picture.setAttribute(name, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", icons[kind] ?? icons.paper);
  picture.append(path);
  return picture;
}

/** Fill the `{name}` of a text. */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** Return a number and its word: "1 paper", "2 papers". */
export const plural = (number, [one, many]) =>
  `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** Return a month as people write it: "Mar 2025" of "2025-03". */
export function monthWords(month) {
  if (month.length < 7) return month;
  const day = new Date(Date.UTC(+month.slice(0, 4), +month.slice(5, 7) - 1, 1));
  return day.toLocaleDateString("en", { month: "short", year: "numeric", timeZone: "UTC" });
}

/** Return a text in pieces, with marks: [start, end] each. */
export function markedText(text, marks, offset = 0) {
  const pieces = [];
  let at = 0;
  for (const [start, end] of marks) {
    pieces.push(text.slice(at, start + offset), make("mark", {}, text.slice(start + offset, end + offset)));
    at = end + offset;
  }
  return [...pieces, text.slice(at)];
}
