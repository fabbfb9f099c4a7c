// 应建未建企业密度: a Gaussian kernel of fixed width in kilometres, drawn on one canvas over the view.

const EARTH_KM = 40075.017;
// Screen pixels to one pixel of the painted density.
const FINE = 2;

// Weight of one enterprise by its obligation; the state does not matter: the obligation already knows it.
function heatWeights(points) {
  const weights = new Float32Array(points.count);
  for (let i = 0; i < points.count; i += 1) {
    const duty = points.obligation[i];
    if (duty === 0) weights[i] = PALETTE.heat.weights.must;
    if (duty === 1) weights[i] = PALETTE.heat.weights.should;
  }
  return weights;
}

// Blurs a grid in place, along rows and then along columns; sigma in grid cells.
function blur(grid, width, height, sigma) {
  const reach = Math.max(1, Math.ceil(3 * sigma));
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)));
  const total = kernel.reduce((sum, value) => sum + value, 0);
  const turned = new Float32Array(grid.length);
  blurRows(grid, turned, width, height, kernel.map((value) => value / total));
  blurRows(turned, grid, height, width, kernel.map((value) => value / total));
}

// Writes its result transposed, so that calling it twice blurs both ways.
function blurRows(from, to, width, height, kernel) {
  const reach = (kernel.length - 1) / 2;
  to.fill(0);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = from[y * width + x];
      if (value === 0) continue;
      const first = Math.max(0, x - reach);
      const last = Math.min(width - 1, x + reach);
      for (let at = first; at <= last; at += 1) to[at * height + y] += value * kernel[at - x + reach];
    }
  }
}

const HeatLayer = L.Layer.extend({
  initialize(points) {
    this.points = points;
    this.weights = heatWeights(points);
  },

  onAdd(map) {
    this.canvas = element("canvas", { class: "heat" });
    map.getPane("heat").append(this.canvas);
    this.draw();
  },

  onRemove() {
    this.canvas.remove();
  },

  getEvents() {
    return { moveend: this.draw, resize: this.draw, zoomstart: this.hide };
  },

  hide() {
    this.canvas.style.visibility = "hidden";
  },

  draw() {
    const map = this._map;
    const size = map.getSize();
    const kmPerPixel = (EARTH_KM * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (256 * 2 ** map.getZoom());
    const sigma = PALETTE.heat.kernel_km / kmPerPixel;
    const step = Math.max(4, Math.ceil(sigma / 5));
    const margin = Math.ceil((3 * PALETTE.heat.approximate_kernel_km) / kmPerPixel / step);
    const width = Math.ceil(size.x / step) + 2 * margin;
    const height = Math.ceil(size.y / step) + 2 * margin;
    const density = this.density(map, { step, margin, width, height, kmPerPixel });
    this.paint(density, { step, margin, width, size });
    L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
    this.canvas.style.visibility = "";
  },

  // Weighted firms per 100 km² on a grid over the view; approximate places get the wide kernel.
  density(map, view) {
    const { step, margin, width, height, kmPerPixel } = view;
    const grids = [new Float32Array(width * height), new Float32Array(width * height)];
    const scale = 256 * 2 ** map.getZoom();
    const origin = map.getPixelBounds().min;
    for (let i = 0; i < this.points.count; i += 1) {
      if (this.weights[i] === 0 || this.points.shown[i] === 0 || this.points.approximate[i] === UNPLACED) continue;
      const x = Math.floor((worldX(this.points.longitude[i] / this.points.degree) * scale - origin.x) / step) + margin;
      const y = Math.floor((this.points.y[i] * scale - origin.y) / step) + margin;
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      grids[this.points.approximate[i]][y * width + x] += this.weights[i];
    }
    blur(grids[0], width, height, PALETTE.heat.kernel_km / kmPerPixel / step);
    blur(grids[1], width, height, PALETTE.heat.approximate_kernel_km / kmPerPixel / step);
    const perHundred = 100 / (step * kmPerPixel) ** 2;
    return grids[0].map((value, i) => (value + grids[1][i]) * perHundred);
  },

  // Classes are cut from the density between the grid's cells, so that their edges are smooth.
  paint(density, view) {
    const { step, margin, width, size } = view;
    const fine = { width: Math.ceil(size.x / FINE), height: Math.ceil(size.y / FINE) };
    const small = element("canvas", fine);
    const pen = small.getContext("2d");
    const image = pen.createImageData(fine.width, fine.height);
    const colours = PALETTE.heat.colours.map((text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)));
    for (let i = 0; i < fine.width * fine.height; i += 1) {
      const x = ((i % fine.width) + 0.5) * (FINE / step) + margin - 0.5;
      const y = (Math.floor(i / fine.width) + 0.5) * (FINE / step) + margin - 0.5;
      const value = between(density, width, x, y);
      let level = -1;
      while (level + 1 < colours.length && value >= PALETTE.heat.breaks[level + 1]) level += 1;
      if (level >= 0) image.data.set([...colours[level], 235], 4 * i);
    }
    pen.putImageData(image, 0, 0);
    this.canvas.width = size.x;
    this.canvas.height = size.y;
    this.canvas.getContext("2d").drawImage(small, 0, 0, fine.width * FINE, fine.height * FINE);
  },
});

// The value of a grid at a place between its cells.
function between(grid, width, x, y) {
  const left = Math.floor(x);
  const at = Math.floor(y) * width + left;
  const right = x - left;
  const upper = grid[at] * (1 - right) + grid[at + 1] * right;
  const lower = grid[at + width] * (1 - right) + grid[at + width + 1] * right;
  return upper + (y - Math.floor(y)) * (lower - upper);
}
