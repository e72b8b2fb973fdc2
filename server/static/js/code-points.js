// Offsets from the server count Unicode code points; JavaScript strings count UTF-16 units.

const SURROGATE = /[\ud800-\udfff]/;

/** A text that is sliced by code points. */
export class CodePointText {
  constructor(text) {
    this.text = text;
    this.units = SURROGATE.test(text) ? unitOffsets(text) : null;
  }

  /** How many code points there are. */
  get length() {
    return this.units === null ? this.text.length : this.units.length - 1;
  }

  /** The part from code point `start` up to, not including, `end`. */
  slice(start, end) {
    return this.text.slice(this.unit(start), this.unit(end));
  }

  unit(point) {
    const bounded = Math.min(Math.max(point, 0), this.length);
    return this.units === null ? bounded : this.units[bounded];
  }
}

function unitOffsets(text) {
  const offsets = [0];
  for (const character of text) offsets.push(offsets[offsets.length - 1] + character.length);
  return Uint32Array.from(offsets);
}
