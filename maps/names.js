// Names of enterprises: beginning and ending by number, the letters between by code (mapping/names.py).

const END_CODE = 0;
const SHORT_CODES = 215;
const ESCAPE_CODE = 255;

class Names {
  constructor(packed, count) {
    this.packed = packed;
    this.count = count;
    this.letters = Array.from(packed.letters);
    this.kept = new Map();
  }

  get blocks() {
    return this.packed.blocks.length;
  }

  // The first row of a block.
  start(index) {
    return index * this.packed.rows;
  }

  // The inflated parts of a block; those last asked for are kept.
  async parts(index) {
    if (this.kept.has(index)) return this.kept.get(index);
    const rows = Math.min(this.packed.rows, this.count - this.start(index));
    const [beginnings, endings, codes] = await Promise.all(this.packed.blocks[index].map(inflate));
    const parts = { rows, beginnings: fromPlanes("u16", beginnings, rows), endings: fromPlanes("u16", endings, rows), codes };
    this.kept.set(index, parts);
    if (this.kept.size > 64) this.kept.delete(this.kept.keys().next().value);
    return parts;
  }

  // All names of a block.
  async block(index) {
    const parts = await this.parts(index);
    const names = [];
    let at = 0;
    for (let row = 0; row < parts.rows; row += 1) {
      const [middle, next] = this.spell(parts.codes, at);
      names.push(this.whole(parts, row, middle));
      at = next;
    }
    return names;
  }

  async row(row) {
    const index = Math.floor(row / this.packed.rows);
    const parts = await this.parts(index);
    let at = 0;
    for (let skipped = this.start(index); skipped < row; skipped += 1) at = this.after(parts.codes, at);
    return this.whole(parts, row - this.start(index), this.spell(parts.codes, at)[0]);
  }

  whole(parts, row, middle) {
    return this.packed.beginnings[parts.beginnings[row]] + middle + this.packed.endings[parts.endings[row]];
  }

  after(codes, from) {
    let at = from;
    while (codes[at] !== END_CODE) at += codes[at] === ESCAPE_CODE ? 4 : codes[at] > SHORT_CODES ? 2 : 1;
    return at + 1;
  }

  // The letters from a place to the end mark, and the place after it.
  spell(codes, from) {
    let at = from;
    let text = "";
    while (codes[at] !== END_CODE) {
      const code = codes[at];
      if (code === ESCAPE_CODE) {
        text += String.fromCodePoint(codes[at + 1] | (codes[at + 2] << 8) | (codes[at + 3] << 16));
        at += 4;
      } else if (code > SHORT_CODES) {
        text += this.letters[SHORT_CODES + (code - SHORT_CODES - 1) * 256 + codes[at + 1]];
        at += 2;
      } else {
        text += this.letters[code - 1];
        at += 1;
      }
    }
    return [text, at + 1];
  }
}
