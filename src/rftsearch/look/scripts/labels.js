// Names on the map: as many as stay readable. This file comes before map.js.

const pen = document.createElement('canvas').getContext('2d');
const HEIGHT = 16;
const FEW = 60; // with so few points all names are readable
const CELL = 32; // cell size of the grid that finds overlapping labels and points

// Where a name may stand beside its point: Plotly's word for it, and the offset of its middle
// in half widths and half heights of the name, and in sizes of the point.
const SIDES = [
  ['top center', 0, -1], ['bottom center', 0, 1], ['middle right', 1, 0], ['middle left', -1, 0],
];

// Place names, the most important first, where they hide neither a point nor another name.
// Returns pairs: the number of a point and the side of its name.
function labels(size) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const places = points.map(toPixels);
  const grid = new Map();
  const cells = function* cells([left, top, right, bottom]) {
    for (let x = Math.floor(left / CELL); x <= right / CELL; x += 1) {
      for (let y = Math.floor(top / CELL); y <= bottom / CELL; y += 1) yield x * 65536 + y;
    }
  };
  const take = (box) => {
    for (const cell of cells(box)) grid.set(cell, [...(grid.get(cell) ?? []), box]);
  };
  const inside = (box) => box[0] >= 0 && box[1] >= 0 && box[2] <= width && box[3] <= height;
  const apart = (one, other) =>
    one[2] <= other[0] || other[2] <= one[0] || one[3] <= other[1] || other[3] <= one[1];
  const free = (box) => inside(box)
    && [...cells(box)].every((cell) => (grid.get(cell) ?? []).every((other) => apart(box, other)));
  const seen = points.map((_, at) => at).filter((at) => {
    const [x, y] = places[at];
    return x > 0 && y > 0 && x < width && y < height;
  });
  // A faint point gets a name only if few points are visible.
  const named = (at) => levels[at] !== FAINT || wanted(at) || seen.length <= FEW;
  const half = size / 2 - 1;
  for (const at of seen.filter(named)) {
    const [x, y] = places[at];
    take([x - half, y - half, x + half, y + half]);
  }
  for (const region of regionsShown()) {
    const [x, y] = toPixels(region);
    const far = region.words.length * 4.6;
    take([x - far, y - 10, x + far, y + 10]);
  }
  pen.font = `12px ${getComputedStyle(canvas).fontFamily}`;
  const order = seen.filter(named).sort((a, b) => wanted(b) - wanted(a) || levels[b] - levels[a]
    || (points[b].released ?? '').localeCompare(points[a].released ?? '') || a - b);
  return order.flatMap((at) => {
    const wide = pen.measureText(points[at].name).width / 2 + 3;
    const box = ([, across, down]) => {
      const x = places[at][0] + across * (wide + size / 2 + 2);
      const y = places[at][1] + down * (HEIGHT / 2 + size / 2 + 2);
      return [x - wide, y - HEIGHT / 2, x + wide, y + HEIGHT / 2];
    };
    const side = SIDES.find((one) => free(box(one)))
      ?? (points[at].id === chosen.id && SIDES.find((one) => inside(box(one))));
    if (!side) return [];
    take(box(side));
    return [[at, side[0]]];
  });
}
