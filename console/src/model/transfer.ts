// Files of items in and out: CSV, JSON lines (plain or DynamoDB JSON), one JSON list.
import { Item, checkItem, getOwn, itemSize, typeOf } from './attribute';
import { Column, RowError, columnsOf, itemsFromRows, parseCsv, parseHeader, writeCsv } from './csv';
import { Json, JsonError, JsonObject, isObject, parseJson, toPlainObject, writeJson } from './json';
import { itemFromPlain, itemToPlain } from './plain-json';
import type { KeyAttribute } from './schema';

export type FileFormat = 'csv' | 'jsonl' | 'dynamodb' | 'json';

export const FORMATS: { id: FileFormat; label: string; extension: string; type: string; about: string }[] = [
  { id: 'csv', label: 'CSV', extension: 'csv', type: 'text/csv', about: 'One column per attribute; headers carry the types, so it imports again unchanged.' },
  { id: 'jsonl', label: 'JSON lines', extension: 'jsonl', type: 'application/x-ndjson', about: 'One item per line as plain JSON; sets and binary are marked.' },
  { id: 'dynamodb', label: 'DynamoDB JSON', extension: 'ddb.json', type: 'application/x-ndjson', about: 'One {"Item": {…}} per line with explicit types, as exports to S3 have it.' },
  { id: 'json', label: 'JSON list', extension: 'json', type: 'application/json', about: 'One list of plain items, for reading by people and scripts.' },
];

export function writeItems(items: Item[], format: FileFormat, keyNames: string[]): string {
  switch (format) {
    case 'csv': return writeCsv(items, columnsOf(items, keyNames));
    case 'jsonl': return items.map((item) => writeJson(itemToPlain(item), 0) + '\n').join('');
    case 'dynamodb': return items.map((item) => JSON.stringify({ Item: item }) + '\n').join('');
    case 'json': return writeJson(items.map(itemToPlain), 2) + '\n';
  }
}

export interface ReadFile {
  format: FileFormat;
  items: Item[];
  errors: RowError[];
  columns?: Column[];
}

export function guessFormat(name: string, text: string): FileFormat {
  if (/\.(csv|tsv|txt)$/i.test(name)) return 'csv';
  const start = text.trimStart();
  if (start.startsWith('[')) return 'json';
  if (start.startsWith('{')) return /^\{\s*"Item"\s*:/.test(start) ? 'dynamodb' : 'jsonl';
  return 'csv';
}

// `columns` replaces what the header of a CSV file says, when the person chose other types.
export function readItems(text: string, format: FileFormat, columns?: Column[]): ReadFile {
  if (format === 'csv') return readCsv(text, columns);
  if (format === 'json' && text.trimStart().startsWith('[')) {
    const list = parseJson(text);
    return collect(format, (list as Json[]).map((json, index) => [index + 1, () => anyItem(json)]));
  }
  const lines = splitValues(text);
  return collect(format, lines.map(({ line, text: one }) => [line, () => anyItem(parseJson(one))]));
}

function readCsv(text: string, columns?: Column[]): ReadFile {
  const delimiter = /^[^\n"]*\t/.test(text) ? '\t' : /^[^\n",]*;/.test(text) ? ';' : ',';
  const [header, ...rows] = parseCsv(text, delimiter);
  if (!header) return { format: 'csv', items: [], errors: [{ line: 1, message: 'the file is empty' }] };
  const used = columns ?? header.map((cell) => parseHeader(cell.text));
  return { format: 'csv', columns: used, ...itemsFromRows(rows, used) };
}

function collect(format: FileFormat, parts: [number, () => Item][]): ReadFile {
  const items: Item[] = [];
  const errors: RowError[] = [];
  for (const [line, make] of parts) {
    try {
      items.push(make());
    } catch (error) {
      if (error instanceof JsonError) errors.push({ line: line + error.line - 1, message: `${error.reason} (column ${error.column})` });
      else errors.push({ line, message: (error as Error).message });
    }
  }
  return { format, items, errors };
}

// One value per line, where a broken line spoils no other; or values that go on over lines, as pretty-printed files have
// them. The first line tells which.
function splitValues(text: string): { line: number; text: string }[] {
  const lines = text.split('\n').map((one, index) => ({ line: index + 1, text: one })).filter((one) => one.text.trim() !== '');
  return lines[0] && isJson(lines[0].text) ? lines : joinLines(text);
}

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

function joinLines(text: string): { line: number; text: string }[] {
  const out: { line: number; text: string }[] = [];
  let pending = '';
  let startLine = 1;
  let depth = 0;
  text.split('\n').forEach((one, index) => {
    if (pending === '' && one.trim() === '') return;
    if (pending === '') startLine = index + 1;
    pending += (pending === '' ? '' : '\n') + one;
    depth += balance(one);
    if (depth <= 0) {
      out.push({ line: startLine, text: pending });
      pending = '';
      depth = 0;
    }
  });
  if (pending !== '') out.push({ line: startLine, text: pending });
  return out;
}

// Opening minus closing brackets outside strings; JSON strings never span lines.
function balance(line: string): number {
  let depth = 0;
  for (const bracket of line.replace(/"(?:[^"\\]|\\.)*"/g, '').match(/[{}[\]]/g) ?? []) {
    depth += bracket === '{' || bracket === '[' ? 1 : -1;
  }
  return depth;
}

// DynamoDB JSON, bare or under "Item"; plain JSON otherwise.
export function anyItem(json: Json): Item {
  if (isObject(json) && Object.keys(json).length === 1 && isObject(json.Item ?? null) && isTyped(json.Item as JsonObject)) {
    return typedItem(json.Item as JsonObject);
  }
  if (isObject(json) && isTyped(json)) return typedItem(json);
  return itemFromPlain(json);
}

export function typedItem(json: Json): Item {
  return checkItem(toPlainObject(json));
}

function isTyped(json: JsonObject): boolean {
  const values = Object.values(json);
  return (
    values.length > 0 &&
    values.every((value) => {
      if (!isObject(value)) return false;
      const names = Object.keys(value);
      return names.length === 1 && /^(S|N|B|BOOL|NULL|L|M|SS|NS|BS)$/.test(names[0]!);
    })
  );
}

// What would make the server refuse `item`, found before anything is sent.
export function importProblem(item: Item, keys: KeyAttribute[]): string | undefined {
  for (const key of keys) {
    const value = getOwn(item, key.name);
    if (!value) return `the key attribute "${key.name}" is missing`;
    if (typeOf(value) !== key.type) return `the key attribute "${key.name}" has type ${typeOf(value)}, the table wants ${key.type}`;
    if (key.type !== 'N' && (value as Record<string, string>)[key.type] === '') return `the key attribute "${key.name}" is empty`;
  }
  const size = itemSize(item);
  return size > 409_600 ? `the item has ${size} bytes, 409600 is the limit` : undefined;
}
