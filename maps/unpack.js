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

const ARRAYS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, i32: Int32Array };

async function unpackColumn(column, count) {
  return fromPlanes(column.kind, await inflate(column.data), count);
}

// Numbers from their byte planes, lowest byte first; i32 are differences of neighbours.
function fromPlanes(kind, planes, count) {
  if (kind === "u8") return planes;
  const values = new ARRAYS[kind](count);
  const width = values.BYTES_PER_ELEMENT;
  let last = 0;
  for (let i = 0; i < count; i += 1) {
    let value = 0;
    for (let byte = 0; byte < width; byte += 1) value |= planes[byte * count + i] << (8 * byte);
    last = kind === "i32" ? last + value : value;
    values[i] = last;
  }
  return values;
}

async function unpackColumns(columns, count) {
  const names = Object.keys(columns);
  const values = await Promise.all(names.map((name) => unpackColumn(columns[name], count)));
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

async function unpackJson(packed) {
  return JSON.parse(new TextDecoder().decode(await inflate(packed)));
}
