// A value in one short line, for cells of grids and lists.
import { AttributeValue, base64Bytes, typeOf } from './attribute';
import { compareNumbers } from './number';

const LONGEST = 300;

export function preview(value: AttributeValue, budget = LONGEST): string {
  if ('S' in value) return clip(value.S, budget);
  if ('N' in value) return value.N;
  if ('BOOL' in value) return String(value.BOOL);
  if ('NULL' in value) return 'null';
  if ('B' in value) return `${base64Bytes(value.B)} bytes`;
  if ('SS' in value) return `{${members(value.SS.map((s) => JSON.stringify(s)), budget)}}`;
  if ('NS' in value) return `{${members(value.NS, budget)}}`;
  if ('BS' in value) return `{${members(value.BS.map((b) => `${base64Bytes(b)} bytes`), budget)}}`;
  if ('L' in value) return `[${nested(value.L.map((element) => () => inner(element, 60)), budget)}]`;
  return `{${nested(Object.entries(value.M).map(([name, member]) => () => `${name}: ${inner(member, 60)}`), budget)}}`;
}

const clip = (text: string, budget: number) => (text.length > budget ? `${text.slice(0, budget)}…` : text);
const inner = (value: AttributeValue, budget: number) => ('S' in value ? JSON.stringify(clip(value.S, budget)) : preview(value, budget));

function members(texts: string[], budget: number): string {
  return nested(texts.map((text) => () => text), budget);
}

// Parts are made only as long as there is room, so a huge list costs no more than a small one.
function nested(parts: (() => string)[], budget: number): string {
  let out = '';
  for (const [index, part] of parts.entries()) {
    if (out.length > budget) return `${out}, … ${parts.length - index} more`;
    out += (index ? ', ' : '') + part();
  }
  return out;
}

// Order of cells in a sorted column: by type, then by value; absent ones last.
export function compareValues(a: AttributeValue | undefined, b: AttributeValue | undefined): number {
  if (!a || !b) return a ? -1 : b ? 1 : 0;
  if ('N' in a && 'N' in b) return compareNumbers(a.N, b.N);
  const [left, right] = [typeOf(a), typeOf(b)];
  if (left !== right) return left < right ? -1 : 1;
  const [x, y] = [preview(a), preview(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
