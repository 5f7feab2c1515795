// What can come next at a place in a statement.
import { isSymbol, isWord, quoteName, splitStatements, tokenize } from './lexer';
import { shapeOf } from './explain';

export interface Suggestion {
  label: string;
  insert: string;
  kind: 'table' | 'index' | 'attribute' | 'keyword' | 'function';
}

export interface KnownTable {
  name: string;
  indexes: string[];
  attributes: string[];
}

const KEYWORDS = [
  'SELECT', 'FROM', 'WHERE', 'AND', 'OR', 'NOT', 'BETWEEN', 'IN', 'IS', 'MISSING', 'NULL', 'ORDER BY', 'ASC', 'DESC',
  'INSERT INTO', 'VALUE', 'UPDATE', 'SET', 'REMOVE', 'DELETE FROM', 'RETURNING ALL OLD *', 'RETURNING ALL NEW *',
  'RETURNING MODIFIED OLD *', 'RETURNING MODIFIED NEW *', 'TRUE', 'FALSE', 'EXISTS',
];
const FUNCTIONS = ['begins_with', 'contains', 'size', 'attribute_type', 'list_append', 'set_add', 'set_delete', 'if_not_exists'];

// Suggestions for the word before `at`; `from` is where that word begins, behind its quote if it has one.
export function complete(text: string, at: number, tables: KnownTable[]): { from: number; quoted: boolean; suggestions: Suggestion[] } {
  const statement = splitStatements(text).find((part) => at >= part.from && at <= part.to);
  const base = statement?.from ?? 0;
  const before = text.slice(base, at);
  const quoted = (before.replace(/'(?:[^']|'')*'?/g, '').match(/"/g) ?? []).length % 2 === 1;
  const word = (quoted ? /[^"]*$/ : /[\w$-]*$/).exec(before)![0];
  const from = at - word.length;
  // Editors close a quote as soon as it is opened.
  const written = (name: string) => (quoted ? name.replace(/"/g, '""') + (text[at] === '"' ? '' : '"') : quoteName(name));
  const tokens = tokenize(before.slice(0, before.length - word.length - (quoted ? 1 : 0)));
  const last = tokens[tokens.length - 1];
  if (isWord(last, 'FROM', 'INTO', 'UPDATE')) {
    return { from, quoted, suggestions: tables.map((table) => ({ label: table.name, insert: written(table.name), kind: 'table' })) };
  }
  const known = tables.find((table) => table.name === shapeOf(statement?.text ?? text)?.table);
  if (isSymbol(last, '.') && known && tokens[tokens.length - 2]?.text === known.name) {
    return { from, quoted, suggestions: known.indexes.map((name) => ({ label: name, insert: written(name), kind: 'index' })) };
  }
  const attributes = (known?.attributes ?? []).map((name): Suggestion => ({
    label: name,
    insert: !quoted && /^[A-Za-z_]\w*$/.test(name) && !KEYWORDS.includes(name.toUpperCase()) ? name : written(name),
    kind: 'attribute',
  }));
  if (quoted) return { from, quoted, suggestions: attributes };
  return {
    from,
    quoted,
    suggestions: [
      ...attributes,
      ...KEYWORDS.map((keyword): Suggestion => ({ label: keyword, insert: keyword, kind: 'keyword' })),
      ...FUNCTIONS.map((name): Suggestion => ({ label: `${name}()`, insert: `${name}(`, kind: 'function' })),
    ],
  };
}
