// JSON whose numbers keep their digits. JSON.parse turns 12345678901234567890 into something
// else without a word, so everything a person types or imports as plain JSON comes through here.
// Objects have no prototype, duplicate names are errors, and every value knows where it stood.

export class JsonNumber {
  constructor(readonly text: string) {}
}

export type Json = null | boolean | string | JsonNumber | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

// `offset` is where in the text; `line` and `column` count from one.
export class JsonError extends Error {
  readonly line: number;
  readonly column: number;
  constructor(
    readonly reason: string,
    readonly offset: number,
    text: string,
  ) {
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    const column = offset - before.lastIndexOf('\n');
    super(`${reason} (line ${line}, column ${column})`);
    this.line = line;
    this.column = column;
  }
}

export interface Span {
  from: number;
  to: number;
}

// Where the value at each path stands; the path of `{"a":[1]}`'s one is `/a/0`, as in RFC 6901.
export type Positions = Map<string, Span>;

export function pointer(...steps: (string | number)[]): string {
  return steps.map((step) => '/' + String(step).replace(/~/g, '~0').replace(/\//g, '~1')).join('');
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPES: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

export function parseJson(text: string, positions?: Positions): Json {
  let at = 0;
  const fail = (reason: string, offset = at): never => {
    throw new JsonError(reason, offset, text);
  };
  const skip = () => {
    while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++;
  };

  const string = (): string => {
    const start = at++;
    let out = '';
    for (;;) {
      if (at >= text.length) fail('a string is not closed', start);
      const c = text[at++]!;
      if (c === '"') return out;
      if (c < ' ') fail('a control character must be written as an escape', at - 1);
      if (c !== '\\') {
        out += c;
        continue;
      }
      const escape = text[at++] ?? '';
      if (escape === 'u') {
        const hex = text.slice(at, at + 4);
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) fail('\\u needs four hexadecimal digits', at - 2);
        out += String.fromCharCode(parseInt(hex, 16));
        at += 4;
      } else {
        out += ESCAPES[escape] ?? fail(`unknown escape \\${escape}`, at - 2);
      }
    }
  };

  const value = (path: string, depth: number): Json => {
    if (depth > 200) fail('nested too deeply');
    skip();
    const from = at;
    const result = bare(path, depth);
    positions?.set(path, { from, to: at });
    return result;
  };

  const bare = (path: string, depth: number): Json => {
    const c = text[at];
    if (c === undefined) return fail('the text ends too early');
    if (c === '"') return string();
    if (c === '{') return object(path, depth);
    if (c === '[') return array(path, depth);
    for (const [word, meaning] of [['true', true], ['false', false], ['null', null]] as const) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return meaning;
      }
    }
    NUMBER.lastIndex = at;
    const number = NUMBER.exec(text);
    if (!number) return fail(`unexpected ${JSON.stringify(c)}`);
    at += number[0].length;
    if (/[\w.]/.test(text[at] ?? '')) fail('a number is malformed', at - number[0].length);
    return new JsonNumber(number[0]);
  };

  const object = (path: string, depth: number): JsonObject => {
    const out = Object.create(null) as JsonObject;
    at++;
    skip();
    if (text[at] === '}') return at++, out;
    for (;;) {
      skip();
      if (text[at] !== '"') fail('expected a name in double quotes');
      const nameAt = at;
      const name = string();
      if (name in out) fail(`${JSON.stringify(name)} appears twice`, nameAt);
      skip();
      if (text[at] !== ':') fail('expected ":"');
      at++;
      out[name] = value(path + pointer(name), depth + 1);
      skip();
      if (text[at] === ',') at++;
      else if (text[at] === '}') return at++, out;
      else fail('expected "," or "}"');
    }
  };

  const array = (path: string, depth: number): Json[] => {
    const out: Json[] = [];
    at++;
    skip();
    if (text[at] === ']') return at++, out;
    for (;;) {
      out.push(value(path + pointer(out.length), depth + 1));
      skip();
      if (text[at] === ',') at++;
      else if (text[at] === ']') return at++, out;
      else fail('expected "," or "]"');
    }
  };

  const result = value('', 0);
  skip();
  if (at < text.length) fail('more text after the value');
  return result;
}

// The inverse; `indent` 0 gives one line.
export function writeJson(value: Json, indent = 2, level = 0): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof JsonNumber) return value.text;
  const newline = indent ? '\n' + ' '.repeat(indent * (level + 1)) : '';
  const end = indent ? '\n' + ' '.repeat(indent * level) : '';
  const colon = indent ? ': ' : ':';
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[${value.map((element) => newline + writeJson(element, indent, level + 1)).join(',')}${end}]`;
  }
  const members = Object.entries(value);
  if (members.length === 0) return '{}';
  return `{${members
    .map(([name, member]) => `${newline}${JSON.stringify(name)}${colon}${writeJson(member, indent, level + 1)}`)
    .join(',')}${end}}`;
}

// An ordinary value (as JSON.parse gives) for places where numbers are counts, not data.
export function toPlainObject(value: Json): unknown {
  if (value instanceof JsonNumber) return Number(value.text);
  if (Array.isArray(value)) return value.map(toPlainObject);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, toPlainObject(v)]));
  return value;
}
