// What a click tells of an enterprise, by county: from the page, or from files beside it (mapping/details.py).

const REASONS = [1, 2, 3].map((rank) => [0, 1, 2].map((at) => `reason${rank}_${at}`));

class Details {
  constructor(packed, points) {
    this.packed = packed;
    this.points = points;
    this.kept = new Map();
  }

  get inFiles() {
    return this.packed.files !== undefined;
  }

  get counties() {
    return (this.packed.files || this.packed.parts).length;
  }

  // The packed part of a county; null where its file is missing or belongs to another build of the map.
  async part(county) {
    return this.inFiles ? loadDetails(this.packed, county) : this.packed.parts[county];
  }

  // The unpacked part of a county; those last asked for are kept.
  async county(county) {
    if (this.kept.has(county)) return this.kept.get(county);
    const part = await this.part(county);
    if (part === null) return null;
    const [codes, words, texts, numbers] = await Promise.all([
      unpackJson(part.codes),
      unpackJson(part.texts.words),
      unpackColumns(part.texts.columns, part.count),
      unpackColumns(part.numbers, part.count),
    ]);
    const told = { codes, words, texts, numbers };
    this.kept.set(county, told);
    if (this.kept.size > 3) this.kept.delete(this.kept.keys().next().value);
    return told;
  }

  async codes(county) {
    if (this.kept.has(county)) return this.kept.get(county).codes;
    const part = await this.part(county);
    return part === null ? [] : unpackJson(part.codes);
  }

  // Everything about one row of the page; null where it cannot be read.
  async row(row) {
    const county = this.points.division_index[row];
    const told = await this.county(county);
    if (told === null) return null;
    let at = 0;
    for (let i = 0; i < row; i += 1) if (this.points.division_index[i] === county) at += 1;
    const facts = { code: told.codes[at] };
    for (const [name, positions] of Object.entries(told.texts)) facts[name] = told.words[positions[at]];
    for (const [name, values] of Object.entries(told.numbers)) facts[name] = values[at];
    REASONS.forEach((names, rank) => {
      facts[`reasons${rank + 1}`] = names.map((name) => facts[name]).filter(Boolean).join(";");
    });
    return facts;
  }

  // The rows of the page that belong to a county.
  rowsOf(county) {
    const { division_index: divisions, count } = this.points;
    const rows = [];
    for (let i = 0; i < count; i += 1) if (divisions[i] === county) rows.push(i);
    return rows;
  }

  // Calls visit(code, row) for every code of the map; a county at a time, so that little is held at once.
  async everyCode(visit, goesOn) {
    for (let county = 0; county < this.counties && goesOn(); county += 1) {
      const [codes, rows] = [await this.codes(county), this.rowsOf(county)];
      codes.forEach((code, place) => visit(code, rows[place]));
    }
  }
}

const AWAITED = new Map();

// Called by a county's file: numbers and base64 only.
window.coverageDetails = (stamp, county, part) => {
  if (AWAITED.has(county)) AWAITED.get(county)(stamp, part);
};

function loadDetails({ stamp, folder, files }, county) {
  return new Promise((resolve) => {
    const script = document.createElement("script");
    const done = (part) => {
      AWAITED.delete(county);
      script.remove();
      resolve(part);
    };
    AWAITED.set(county, (given, part) => done(given === stamp ? part : null));
    script.onload = () => AWAITED.has(county) && done(null);
    script.onerror = () => done(null);
    script.src = `${encodeURIComponent(folder)}/${files[county]}`;
    document.head.append(script);
  });
}
