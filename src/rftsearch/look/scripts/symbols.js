// A shape for each category, so that they differ by more than colour: on the map, in its
// legend and beside the filters.

// Corners at `count` angles; with `inner` every second corner is nearer to the middle.
function corners(count, inner = 1, turn = 0) {
  const ends = inner === 1 ? count : 2 * count;
  return Array.from({ length: ends }, (_, number) => {
    const angle = 2 * Math.PI * (number / ends) + turn;
    const far = 6 * (number % 2 && inner !== 1 ? inner : 1);
    return `${(far * Math.sin(angle)).toFixed(2)},${(-far * Math.cos(angle)).toFixed(2)}`;
  }).join(' ');
}
const PLUS = '-2,-6 2,-6 2,-2 6,-2 6,2 2,2 2,6 -2,6 -2,2 -6,2 -6,-2 -2,-2';

// Plotly's name of a symbol, and its shape for the legend.
const SYMBOLS = [
  ['circle', null],
  ['square', corners(4, 1, Math.PI / 4)],
  ['diamond', corners(4)],
  ['triangle-up', corners(3)],
  ['cross', PLUS],
  ['triangle-down', corners(3, 1, Math.PI)],
  ['star', corners(5, 0.42)],
  ['x', PLUS, 45],
  ['pentagon', corners(5)],
  ['hexagon', corners(6)],
];
// After the last symbol they repeat, hollow.
const isHollow = (place) => place % (2 * SYMBOLS.length) >= SYMBOLS.length;
const symbolName = (place) => SYMBOLS[place % SYMBOLS.length][0] + (isHollow(place) ? '-open' : '');

function svg(name, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function symbol(place) {
  const [, points, turn = 0] = SYMBOLS[place % SYMBOLS.length];
  const shape = points
    ? svg('polygon', { points, transform: `rotate(${turn})` })
    : svg('circle', { r: 5.5 });
  if (isHollow(place)) shape.classList.add('open');
  const picture = svg('svg', { viewBox: '-8 -8 16 16', 'aria-hidden': 'true' });
  picture.append(shape);
  return picture;
}
