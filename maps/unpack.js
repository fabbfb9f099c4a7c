// Unpacks what coverage_engine/mapping/packing.py packed: base64, deflate, byte planes, differences.

function canInflate() {
  return typeof DecompressionStream === "function" && typeof Response === "function";
}

async function inflate(packed) {
  const text = atob(packed);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function unpackColumn(column, count) {
  const planes = await inflate(column.data);
  if (column.kind === "u8") return planes;
  if (column.kind === "u16") {
    const values = new Uint16Array(count);
    for (let i = 0; i < count; i += 1) values[i] = planes[i] | (planes[count + i] << 8);
    return values;
  }
  const values = new Int32Array(count);
  let last = 0;
  for (let i = 0; i < count; i += 1) {
    last += planes[i] | (planes[count + i] << 8) | (planes[2 * count + i] << 16) | (planes[3 * count + i] << 24);
    values[i] = last;
  }
  return values;
}

async function unpackColumns(columns, count) {
  const names = Object.keys(columns);
  const values = await Promise.all(names.map((name) => unpackColumn(columns[name], count)));
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

// Text blocks are inflated only when a row of them is asked for, and kept.
class TextBlocks {
  constructor(blocks, rows) {
    this.blocks = blocks;
    this.rows = rows;
    this.kept = new Map();
  }

  async block(index) {
    if (!this.kept.has(index)) {
      const bytes = await inflate(this.blocks[index]);
      this.kept.set(index, JSON.parse(new TextDecoder().decode(bytes)));
    }
    return this.kept.get(index);
  }

  async row(row) {
    const block = await this.block(Math.floor(row / this.rows));
    return block.map((column) => column[row % this.rows]);
  }
}
