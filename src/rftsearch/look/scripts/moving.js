// Move and zoom the map by wheel, fingers, buttons and keys. This file comes after map.js.
// The map moves at once; names are placed again when it rests.

const FARTHEST = 2.5; // largest zoom-out, as a multiple of the whole map
const NEAREST = 1 / 60;
const REST = 150; // ms without a movement

let gliding = 0;
let resting = 0;

// --- the visible part ---

// Keep the view within the largest zoom-out and near the points.
function bounded(to) {
  const all = fit();
  const length = ([from, end]) => end - from;
  const scale = length(to.x) / length(all.x);
  if (!(scale < FARTHEST && scale > NEAREST)) return range;
  const kept = ([from, end], values) => {
    const half = (end - from) / 2;
    const at = Math.min(Math.max(from + half, Math.min(...values)), Math.max(...values));
    return [at - half, at + half];
  };
  return { x: kept(to.x, points.map((p) => p.x)), y: kept(to.y, points.map((p) => p.y)) };
}

function look(to) {
  range = bounded(to);
  draw();
}

// The same for one step of many.
function glide(to) {
  range = bounded(to);
  gliding ||= requestAnimationFrame(() => {
    gliding = 0;
    window.Plotly.relayout(canvas, { 'xaxis.range': [...range.x], 'yaxis.range': [...range.y] });
  });
  clearTimeout(resting);
  resting = setTimeout(() => { resting = 0; draw(); }, REST);
}

// The visible part after moving what lies at one place of the canvas to another place and
// scaling it by a factor. Places are fractions of the canvas, from the left and the bottom.
function carried(factor, from, to = from) {
  const moved = ([low, high], start, end) => {
    const fixed = low + start * (high - low);
    const length = (high - low) * factor;
    return [fixed - end * length, fixed + (1 - end) * length];
  };
  return { x: moved(range.x, from[0], to[0]), y: moved(range.y, from[1], to[1]) };
}

const zoom = (factor) => look(carried(factor, anchor()));
const shift = ([across, up]) => look(carried(1, [0.5, 0.5], [0.5 - across / 5, 0.5 - up / 5]));

function placeOf(clientX, clientY) {
  const box = canvas.getBoundingClientRect();
  return [(clientX - box.left) / box.width, 1 - (clientY - box.top) / box.height];
}

// --- the wheel ---

// The wheel scrolls the page; with Ctrl (a pinch on a trackpad sends Ctrl) it zooms.
canvas.addEventListener('wheel', (event) => {
  if (!range || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  glide(carried(Math.exp(event.deltaY / 300), placeOf(event.clientX, event.clientY)));
}, { passive: false });

// --- fingers ---

// One finger scrolls the page or points at a paper; two fingers move and zoom the map. Plotly
// would use one finger to move the map, and a phone could not scroll past it.
let fingers = null; // last middle and distance of two fingers

function pair([one, other]) {
  const [x, y] = [(one.clientX + other.clientX) / 2, (one.clientY + other.clientY) / 2];
  const apart = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  return { place: placeOf(x, y), apart: Math.max(apart, 1) };
}

function onTouch(event) {
  event.stopPropagation();
  fingers = range && event.touches.length === 2 ? pair(event.touches) : null;
  if (fingers && event.cancelable) event.preventDefault();
}

for (const name of ['touchstart', 'touchend', 'touchcancel']) {
  canvas.addEventListener(name, onTouch, { capture: true, passive: false });
}
canvas.addEventListener('touchmove', (event) => {
  event.stopPropagation();
  if (!fingers) return;
  if (event.cancelable) event.preventDefault();
  const now = pair(event.touches);
  glide(carried(fingers.apart / now.apart, fingers.place, now.place));
  fingers = now;
}, { capture: true, passive: false });
