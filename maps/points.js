// Enterprise points: drawn by map cell on canvas tiles, found again by cell when clicked.

const HIT_PIXELS = 12;
// Value of `approximate` where no place is known at all: listed and counted, never drawn.
const UNPLACED = 2;

async function unpackPoints() {
  const packed = DATA.points;
  const points = await unpackColumns(packed.columns, packed.count);
  points.count = packed.count;
  packed.kind_columns.forEach((name, at) => {
    const values = packed.kinds.map((kind) => kind[at]);
    points[name] = Uint8Array.from(points.kind, (kind) => values[kind]);
  });
  delete points.kind;
  await unpackPlaces(points, packed.cells);
  points.names = new Names(packed.names, packed.count);
  points.details = new Details(packed.details, points);
  return points;
}

// Places in steps of a degree from the cells and the steps within them; `cells` holds the rows of each cell.
async function unpackPlaces(points, { count, size, degree, columns, places }) {
  const [cells, { north, east }] = await Promise.all([unpackColumns(columns, count), unpackColumns(places, points.count)]);
  points.cell = size;
  points.degree = degree;
  points.longitude = new Int32Array(points.count);
  points.latitude = new Int32Array(points.count);
  // Half a pixel at the last zoom; x is one multiplication and not kept.
  points.y = new Float32Array(points.count);
  points.cells = new Map();
  let row = 0;
  for (let at = 0; at < count; at += 1) {
    const first = row;
    let inside = 0;
    for (; row < first + cells.firms[at]; row += 1) {
      inside += north[row];
      points.latitude[row] = cells.row[at] * size + inside;
      points.longitude[row] = cells.column[at] * size + east[row];
      points.y[row] = worldY(points.latitude[row] / degree);
    }
    // Firms without a place stand at zero and are in no cell.
    if (cells.row[at] !== 0) points.cells.set(cellKey(cells.row[at], cells.column[at]), [first, row]);
  }
}

// Web Mercator with the world as the unit square.
function worldX(longitude) {
  return longitude / 360 + 0.5;
}

function worldY(latitude) {
  const sine = Math.sin((latitude * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

function cellKey(row, column) {
  return row * 10000 + column;
}

// Calls visit(i) for every enterprise in the cells that touch a box of latitudes and longitudes.
function visitCells(points, bounds, visit) {
  const cell = (degrees) => Math.floor((degrees * points.degree) / points.cell);
  const rows = [bounds.getSouth(), bounds.getNorth()].map(cell);
  const columns = [bounds.getWest(), bounds.getEast()].map(cell);
  for (let row = rows[0]; row <= rows[1]; row += 1) {
    for (let column = columns[0]; column <= columns[1]; column += 1) {
      const cell = points.cells.get(cellKey(row, column));
      if (!cell) continue;
      for (let i = cell[0]; i < cell[1]; i += 1) if (points.shown[i] === 1) visit(i);
    }
  }
}

// The outline of a symbol around (0, 0); r is its radius in pixels.
const SHAPES = {
  dot: (pen, r) => pen.arc(0, 0, 0.6 * r, 0, 2 * Math.PI),
  circle: (pen, r) => pen.arc(0, 0, 0.9 * r, 0, 2 * Math.PI),
  ring: (pen, r) => pen.arc(0, 0, 0.8 * r, 0, 2 * Math.PI),
  square: (pen, r) => pen.rect(-0.8 * r, -0.8 * r, 1.6 * r, 1.6 * r),
  diamond: (pen, r) => polygon(pen, [[0, -r], [r, 0], [0, r], [-r, 0]]),
  triangle: (pen, r) => polygon(pen, [[0, -r], [r, 0.8 * r], [-r, 0.8 * r]]),
  hollow_triangle: (pen, r) => polygon(pen, [[0, -r], [r, 0.8 * r], [-r, 0.8 * r]]),
};
// Shapes of the recommended paths, told apart by outline as well as by colour; their number is written inside.
Object.assign(SHAPES, {
  star: (pen, r) => polygon(pen, around(r, 10, (k) => (k % 2 ? 0.5 : 1.1))),
  pentagon: (pen, r) => polygon(pen, around(r, 5, () => 1)),
  hexagon: (pen, r) => polygon(pen, around(r, 6, () => 1)),
  octagon: (pen, r) => polygon(pen, around(r, 8, () => 1)),
  down: (pen, r) => polygon(pen, [[0, r], [r, -0.8 * r], [-r, -0.8 * r]]),
  cross: (pen, r) => polygon(pen, [[-0.4, -1], [0.4, -1], [0.4, -0.4], [1, -0.4], [1, 0.4], [0.4, 0.4], [0.4, 1], [-0.4, 1], [-0.4, 0.4], [-1, 0.4], [-1, -0.4], [-0.4, -0.4]].map(([x, y]) => [x * r, y * r])),
  trapezium: (pen, r) => polygon(pen, [[-0.55 * r, -0.85 * r], [0.55 * r, -0.85 * r], [r, 0.8 * r], [-r, 0.8 * r]]),
  shield: (pen, r) => polygon(pen, [[-0.85 * r, -0.85 * r], [0.85 * r, -0.85 * r], [0.85 * r, 0.25 * r], [0, r], [-0.85 * r, 0.25 * r]]),
  plaque: (pen, r) => pen.rect(-1.1 * r, -0.6 * r, 2.2 * r, 1.2 * r),
  house: (pen, r) => polygon(pen, [[0, -r], [0.9 * r, -0.2 * r], [0.9 * r, 0.9 * r], [-0.9 * r, 0.9 * r], [-0.9 * r, -0.2 * r]]),
});

function around(r, corners, reach) {
  return Array.from({ length: corners }, (_, k) => {
    const angle = (2 * Math.PI * k) / corners - Math.PI / 2;
    return [r * reach(k) * Math.cos(angle), r * reach(k) * Math.sin(angle)];
  });
}

const HOLLOW = ["ring", "hollow_triangle"];

function polygon(pen, corners) {
  pen.moveTo(...corners[0]);
  for (const corner of corners.slice(1)) pen.lineTo(...corner);
  pen.closePath();
}

// A symbol drawn once and stamped many times; approximate places are fainter.
function sprite(symbol, radius, approximate, ratio) {
  const size = 2 * radius + 6;
  const canvas = element("canvas", { width: size * ratio, height: size * ratio });
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.translate(size / 2, size / 2);
  pen.globalAlpha = approximate ? 0.5 : 1;
  const hollow = HOLLOW.includes(symbol.shape);
  pen.beginPath();
  SHAPES[symbol.shape](pen, radius);
  pen.lineJoin = "round";
  pen.lineWidth = hollow ? 5 : 3;
  pen.strokeStyle = "#ffffff";
  pen.stroke();
  pen.fillStyle = hollow ? "#ffffff" : symbol.colour;
  pen.fill();
  if (hollow) {
    pen.lineWidth = 2.4;
    pen.strokeStyle = symbol.colour;
    pen.stroke();
  }
  if (symbol.number && radius >= 6) {
    pen.fillStyle = "#ffffff";
    pen.font = `bold ${Math.round(1.15 * radius)}px sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(String(symbol.number), 0, 0.5);
  }
  return canvas;
}

// Symbols by state, or by recommended path (position 0: none recommended).
function shownSymbols() {
  return STATE.symbols === "path" ? PATH_SYMBOLS : PALETTE.symbols;
}

function symbolOf(points, i) {
  return STATE.symbols === "path" ? points.path1[i] : points.symbol[i];
}

function symbolRadius(zoom) {
  return zoom >= 14 ? 8 : zoom >= 12 ? 6.5 : 4.5;
}

const PointLayer = L.GridLayer.extend({
  initialize(points, options) {
    L.GridLayer.prototype.initialize.call(this, options);
    this.points = points;
    this.sprites = new Map();
    this.waiting = [];
  },

  // Tiles are drawn one after the other, so that no frame waits for more than one; a print waits for all.
  createTile(coords, done) {
    const ratio = window.devicePixelRatio || 1;
    const tile = element("canvas", { width: 256 * ratio, height: 256 * ratio });
    const draw = () => {
      this.drawTile(tile, coords, ratio);
      done(null, tile);
    };
    // The map must know the tile before it is told that the tile is ready.
    if (document.body.classList.contains("printing")) queueMicrotask(draw);
    else if (this.waiting.push(draw) === 1) setTimeout(() => this.drawNext());
    return tile;
  },

  drawNext() {
    if (this.waiting.length) this.waiting.shift()();
    if (this.waiting.length) setTimeout(() => this.drawNext());
  },

  // Draws at once what is still waiting.
  drawWaiting() {
    while (this.waiting.length) this.waiting.shift()();
  },

  drawTile(tile, coords, ratio) {
    if (!this._map) return;
    const pen = tile.getContext("2d");
    const radius = symbolRadius(coords.z);
    const scale = 256 * 2 ** coords.z;
    const symbols = shownSymbols();
    const buckets = symbols.map(() => []);
    visitCells(this.points, this.around(coords, radius + 4), (i) => buckets[symbolOf(this.points, i)].push(i));
    buckets.forEach((bucket, symbol) => {
      for (const i of bucket) {
        const stamp = this.stamp(symbols[symbol], radius, this.points.approximate[i], ratio);
        const x = (worldX(this.points.longitude[i] / this.points.degree) * scale - coords.x * 256) * ratio - stamp.width / 2;
        const y = (this.points.y[i] * scale - coords.y * 256) * ratio - stamp.height / 2;
        pen.drawImage(stamp, x, y);
      }
    });
  },

  around(coords, margin) {
    const corner = (x, y) => this._map.unproject([coords.x * 256 + x, coords.y * 256 + y], coords.z);
    return L.latLngBounds(corner(-margin, 256 + margin), corner(256 + margin, -margin));
  },

  stamp(symbol, radius, approximate, ratio) {
    const key = `${symbol.key}/${radius}/${approximate}/${ratio}`;
    if (!this.sprites.has(key)) this.sprites.set(key, sprite(symbol, radius, approximate, ratio));
    return this.sprites.get(key);
  },
});

// Enterprises within reach of a place on the map, nearest first.
function pointsAt(points, map, latlng) {
  const centre = map.project(latlng);
  const scale = 256 * 2 ** map.getZoom();
  const reach = [HIT_PIXELS, HIT_PIXELS];
  const box = L.latLngBounds(map.unproject(centre.subtract(reach)), map.unproject(centre.add(reach)));
  const hits = [];
  visitCells(points, box, (i) => {
    const distance = Math.hypot(worldX(points.longitude[i] / points.degree) * scale - centre.x, points.y[i] * scale - centre.y);
    if (distance <= HIT_PIXELS) hits.push([distance, i]);
  });
  return hits.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((hit) => hit[1]);
}

function pointPlace(points, i) {
  return L.latLng(points.latitude[i] / points.degree, points.longitude[i] / points.degree);
}
