// Comma-separated values, RFC 4180, with the difference between an empty and an absent cell kept:
// an empty text is written "" and an absent attribute as nothing.
import { AttributeType, AttributeValue, Item, checkValue, getOwn, setOwn, typeOf } from './attribute';

export interface Cell {
  text: string;
  quoted: boolean;
}

export class CsvError extends Error {
  constructor(
    message: string,
    readonly line: number,
  ) {
    super(`line ${line}: ${message}`);
  }
}

export function parseCsv(text: string, delimiter = ','): Cell[][] {
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    let cell: Cell;
    if (text[at] === '"') {
      const started = line;
      let out = '';
      for (at++; ; at++) {
        if (at >= text.length) throw new CsvError('a quoted cell is not closed', started);
        const c = text[at]!;
        if (c === '"') {
          if (text[at + 1] !== '"') break;
          at++;
        } else if (c === '\n') {
          line++;
        }
        out += c;
      }
      at++;
      if (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') {
        throw new CsvError('text after a closing quote', line);
      }
      cell = { text: out, quoted: true };
    } else {
      const start = at;
      while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at++;
      cell = { text: text.slice(start, at), quoted: false };
    }
    row.push(cell);
    if (text[at] === delimiter) {
      at++;
      if (at >= text.length) row.push({ text: '', quoted: false });
      continue;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
    if (row.length > 1 || row[0]!.text !== '' || row[0]!.quoted) rows.push(row);
    row = [];
  }
  if (row.length) rows.push(row);
  return rows;
}

export function csvCell(text: string, force = false): string {
  return force || text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

// How a column is written: the one scalar type all its values have, or DynamoDB JSON.
export type ColumnType = 'S' | 'N' | 'B' | 'BOOL' | 'json';

export interface Column {
  name: string;
  type: ColumnType;
}

// A header is `name` for text and `name:N`, `name:json` and so on for the rest, so that what is
// exported can be imported again with every type as it was.
export function columnHeader(column: Column): string {
  return column.type === 'S' && !/:(S|N|B|BOOL|json)$/.test(column.name) ? column.name : `${column.name}:${column.type}`;
}

export function parseHeader(text: string): Column {
  const match = /^(.*):(S|N|B|BOOL|json)$/s.exec(text);
  return match ? { name: match[1]!, type: match[2] as ColumnType } : { name: text, type: 'S' };
}

export function columnsOf(items: Item[], first: string[] = []): Column[] {
  const types = new Map<string, Set<AttributeType>>();
  for (const name of first) types.set(name, new Set());
  for (const item of items) {
    for (const [name, value] of Object.entries(item)) {
      const seen = types.get(name) ?? new Set();
      types.set(name, seen.add(typeOf(value)));
    }
  }
  return [...types].map(([name, seen]) => {
    const only = seen.size === 1 ? [...seen][0]! : undefined;
    return { name, type: only && ['S', 'N', 'B', 'BOOL'].includes(only) ? (only as ColumnType) : seen.size === 0 ? 'S' : 'json' };
  });
}

export function writeCsv(items: Item[], columns: Column[]): string {
  const rows = [columns.map((column) => csvCell(columnHeader(column))).join(',')];
  for (const item of items) {
    rows.push(
      columns
        .map((column) => {
          const value = getOwn(item, column.name);
          return value === undefined ? '' : csvCell(cellText(value, column.type), column.type === 'S');
        })
        .join(','),
    );
  }
  return rows.join('\r\n') + '\r\n';
}

function cellText(value: AttributeValue, type: ColumnType): string {
  if (type === 'json') return JSON.stringify(value);
  return String((value as Record<string, unknown>)[type]);
}

export interface RowError {
  line: number; // Row of the file, the header being 1.
  message: string;
}

// Items from the rows under a header. A row that cannot become an item is reported and left out.
export function itemsFromRows(rows: Cell[][], columns: Column[]): { items: Item[]; errors: RowError[] } {
  const items: Item[] = [];
  const errors: RowError[] = [];
  rows.forEach((row, index) => {
    try {
      const item: Item = {};
      if (row.length > columns.length) throw new Error(`${row.length} cells under ${columns.length} headers`);
      columns.forEach((column, position) => {
        const cell = row[position];
        if (!cell || (cell.text === '' && !cell.quoted)) return;
        setOwn(item, column.name, cellValue(cell.text, column));
      });
      items.push(item);
    } catch (error) {
      errors.push({ line: index + 2, message: (error as Error).message });
    }
  });
  return { items, errors };
}

function cellValue(text: string, column: Column): AttributeValue {
  switch (column.type) {
    case 'S': return { S: text };
    case 'N': return checkValue({ N: text.trim() }, column.name);
    case 'B': return checkValue({ B: text }, column.name);
    case 'BOOL': {
      const word = text.trim().toLowerCase();
      if (word !== 'true' && word !== 'false') throw new Error(`${column.name}: expected true or false`);
      return { BOOL: word === 'true' };
    }
    case 'json': return checkValue(JSON.parse(text), column.name);
  }
}
