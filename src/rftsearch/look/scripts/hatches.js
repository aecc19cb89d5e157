// A hatch for each category, so that bars that stand on each other differ by more than colour.

// Plotly's name, and the lines on a square of 12.
const RISING = 'M-6,0 0,-6 M-6,6 6,-6 M0,6 6,0';
const FALLING = 'M-6,0 0,6 M-6,-6 6,6 M0,-6 6,0';
const LEVEL = 'M-6,-2 6,-2 M-6,2 6,2';
const UPRIGHT = 'M-2,-6 -2,6 M2,-6 2,6';
const HATCHES = [
  ['', ''], ['/', RISING], ['.', 'M-3,-3h0 M3,-3h0 M0,0h0 M-3,3h0 M3,3h0'], ['\\', FALLING],
  ['-', LEVEL], ['x', RISING + FALLING], ['|', UPRIGHT], ['+', LEVEL + UPRIGHT],
];

function swatch(place) {
  const picture = svg('svg', { viewBox: '-8 -8 16 16', 'aria-hidden': 'true' });
  const [, d] = HATCHES[place % HATCHES.length];
  const box = svg('rect', { x: -7, y: -7, width: 14, height: 14, rx: 2 });
  picture.append(box, svg('path', { d, class: 'hatch' }));
  return picture;
}
