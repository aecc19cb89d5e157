// Moving over the map, by wheel, fingers, buttons and keys; put after the script of the map.
// What moves follows at once; the names are chosen anew when it comes to rest.

const FARTHEST = 2.5; // times the whole map
const NEAREST = 1 / 60;
const REST = 150; // ms without a movement

let gliding = 0;
let resting = 0;

// --- what part is seen ---

// Neither so far away that nothing is left, nor so far aside.
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

// The same for one of many steps.
function glide(to) {
  range = bounded(to);
  gliding ||= requestAnimationFrame(() => {
    gliding = 0;
    window.Plotly.relayout(canvas, { 'xaxis.range': [...range.x], 'yaxis.range': [...range.y] });
  });
  clearTimeout(resting);
  resting = setTimeout(() => { resting = 0; draw(); }, REST);
}

// The part that is seen when what lies under one place of the canvas comes to lie under
// another, and is drawn smaller by a factor. Places are shares of it, from its left and foot.
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

// Alone it scrolls the page; with Ctrl, as a pinch on a trackpad says it, it zooms.
canvas.addEventListener('wheel', (event) => {
  if (!range || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  glide(carried(Math.exp(event.deltaY / 300), placeOf(event.clientX, event.clientY)));
}, { passive: false });

// --- fingers ---

// One scrolls the page, or points at a work; two move the map and zoom. Plotly would have
// one finger move the map, which on a phone leaves no way past it.
let fingers = null; // where two of them were: their middle and how far apart

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
