// Tokens of PartiQL, enough to explain a statement and to complete one.
// Source: Developer Guide, "PartiQL reference for DynamoDB".

export interface Token {
  kind: 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'symbol';
  text: string; // A quoted identifier or string without its quotes.
  from: number;
  to: number;
}

const PATTERN =
  /\s+|--[^\n]*|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|([A-Za-z_$][\w$]*)|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(\?)|(<<|>>|<>|!=|<=|>=|[-+*/%=<>().,[\]{}:;|])|(\{\{\s*\$?\w[\w.]*\s*\}\})/y;

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const variable = /\{\{\s*\$?\w[\w.]*\s*\}\}/y;
    variable.lastIndex = at;
    const hole = variable.exec(text);
    if (hole) {
      tokens.push({ kind: 'parameter', text: hole[0], from: at, to: at + hole[0].length });
      at += hole[0].length;
      continue;
    }
    PATTERN.lastIndex = at;
    const match = PATTERN.exec(text);
    if (!match) {
      at++; // An unfinished quote or a stray character: the server will say so.
      continue;
    }
    const span = { from: at, to: at + match[0].length };
    at = span.to;
    if (match[1] !== undefined) tokens.push({ kind: 'string', text: match[1].replace(/''/g, "'"), ...span });
    else if (match[2] !== undefined) tokens.push({ kind: 'quoted', text: match[2].replace(/""/g, '"'), ...span });
    else if (match[3] !== undefined) tokens.push({ kind: 'word', text: match[3], ...span });
    else if (match[4] !== undefined) tokens.push({ kind: 'number', text: match[4], ...span });
    else if (match[5] !== undefined) tokens.push({ kind: 'parameter', text: match[5], ...span });
    else if (match[6] !== undefined) tokens.push({ kind: 'symbol', text: match[6], ...span });
  }
  return tokens;
}

export const isWord = (token: Token | undefined, ...words: string[]) =>
  token?.kind === 'word' && words.includes(token.text.toUpperCase());

export const isSymbol = (token: Token | undefined, symbol: string) => token?.kind === 'symbol' && token.text === symbol;

export const isName = (token: Token | undefined): token is Token => token?.kind === 'word' || token?.kind === 'quoted';

export const countParameters = (text: string) => tokenize(text).filter((token) => token.kind === 'parameter' && token.text === '?').length;

// Splits a script at semicolons that stand outside quotes.
export function splitStatements(text: string): { text: string; from: number; to: number }[] {
  const out: { text: string; from: number; to: number }[] = [];
  let from = 0;
  for (const token of [...tokenize(text), { kind: 'symbol', text: ';', from: text.length, to: text.length } as Token]) {
    if (!isSymbol(token, ';')) continue;
    const part = text.slice(from, token.from);
    if (part.trim() !== '') out.push({ text: part.trim(), from, to: token.from });
    from = token.to;
  }
  return out;
}

// `name` as an identifier in a statement.
export function quoteName(name: string): string {
  return `"${name.replace(/"/g, '""')}"`;
}
