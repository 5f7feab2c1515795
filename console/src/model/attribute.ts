// DynamoDB's ten attribute types as they travel: one-key objects whose numbers are text and
// whose binary is base64. Nothing in the console turns a number into a JavaScript number.
// Source: API Reference, "AttributeValue".
import { compareNumbers, numberError, sameNumber } from './number';

export type AttributeType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'L' | 'M' | 'SS' | 'NS' | 'BS';

export type AttributeValue =
  | { S: string }
  | { N: string }
  | { B: string }
  | { BOOL: boolean }
  | { NULL: true }
  | { L: AttributeValue[] }
  | { M: Item }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: string[] };

export type Item = { [name: string]: AttributeValue };

export const ATTRIBUTE_TYPES: readonly AttributeType[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS', 'BS'];

export const TYPE_NAMES: Record<AttributeType, string> = {
  S: 'String',
  N: 'Number',
  B: 'Binary',
  BOOL: 'Boolean',
  NULL: 'Null',
  L: 'List',
  M: 'Map',
  SS: 'String set',
  NS: 'Number set',
  BS: 'Binary set',
};

// A value that DynamoDB would refuse; `path` leads to the place, as in `a.b[2]`.
export class InvalidValue extends Error {
  constructor(
    message: string,
    readonly path: string,
  ) {
    super(path ? `${path}: ${message}` : message);
  }
}

export function typeOf(value: AttributeValue): AttributeType {
  return Object.keys(value)[0] as AttributeType;
}

// Sets `name` even when it is `__proto__`, which plain assignment would swallow.
export function setOwn<T>(target: { [name: string]: T }, name: string, value: T): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

export function getOwn<T>(source: { [name: string]: T }, name: string): T | undefined {
  return Object.prototype.hasOwnProperty.call(source, name) ? source[name] : undefined;
}

export function mapItem(item: Item, change: (name: string, value: AttributeValue) => AttributeValue): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, change(name, value)]));
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function isBase64(text: string): boolean {
  return BASE64.test(text);
}

export function base64Bytes(text: string): number {
  return (text.length / 4) * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
}

// Why `value` is not acceptable as DynamoDB JSON, thrown as InvalidValue; the value otherwise.
export function checkValue(value: unknown, path = '', depth = 1): AttributeValue {
  const fail = (message: string, at = path): never => {
    throw new InvalidValue(message, at);
  };
  if (depth > 32) fail('nested more than 32 levels deep');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail('expected a typed value such as {"S": "text"}');
  }
  const keys = Object.keys(value);
  if (keys.length !== 1) return fail(keys.length === 0 ? 'a value needs a type' : 'a value has exactly one type');
  const type = keys[0] as AttributeType;
  const inner = (value as Record<string, unknown>)[type];
  const strings = (what: string): string[] => {
    if (!Array.isArray(inner) || inner.some((member) => typeof member !== 'string')) {
      return fail(`${type} holds a list of ${what}, written as strings`);
    }
    if (inner.length === 0) fail('a set may not be empty');
    return inner as string[];
  };
  switch (type) {
    case 'S':
      if (typeof inner !== 'string') fail('S holds a string');
      break;
    case 'N': {
      if (typeof inner !== 'string') fail('N holds a number written as a string, such as {"N": "12"}');
      const problem = numberError(inner as string);
      if (problem) fail(problem);
      break;
    }
    case 'B':
      if (typeof inner !== 'string' || !isBase64(inner)) fail('B holds base64 text');
      break;
    case 'BOOL':
      if (typeof inner !== 'boolean') fail('BOOL holds true or false');
      break;
    case 'NULL':
      if (inner !== true) fail('NULL holds true');
      break;
    case 'L':
      if (!Array.isArray(inner)) return fail('L holds a list');
      inner.forEach((element, index) => checkValue(element, `${path}[${index}]`, depth + 1));
      break;
    case 'M':
      if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return fail('M holds an object');
      for (const [name, member] of Object.entries(inner)) {
        if (name === '') fail('an attribute name may not be empty');
        checkValue(member, path ? `${path}.${name}` : name, depth + 1);
      }
      break;
    case 'SS':
      if (new Set(strings('strings')).size !== (inner as string[]).length) fail('a set may not hold a member twice');
      break;
    case 'NS': {
      const members = strings('numbers');
      members.forEach((member, index) => {
        const problem = numberError(member);
        if (problem) fail(problem, `${path}[${index}]`);
      });
      const sorted = [...members].sort(compareNumbers);
      if (sorted.some((member, index) => index > 0 && sameNumber(member, sorted[index - 1]!))) {
        fail('a set may not hold a member twice');
      }
      break;
    }
    case 'BS': {
      const members = strings('base64 texts');
      if (members.some((member) => !isBase64(member))) fail('BS holds base64 texts');
      if (new Set(members).size !== members.length) fail('a set may not hold a member twice');
      break;
    }
    default:
      return fail(`unknown type ${JSON.stringify(type)}; the types are ${ATTRIBUTE_TYPES.join(', ')}`);
  }
  return value as AttributeValue;
}

export function checkItem(value: unknown): Item {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidValue('an item is an object of attributes', '');
  }
  for (const [name, member] of Object.entries(value)) {
    if (name === '') throw new InvalidValue('an attribute name may not be empty', '');
    checkValue(member, name);
  }
  return value as Item;
}

// Equality as DynamoDB sees it: numbers by value, sets without order.
export function sameValue(a: AttributeValue, b: AttributeValue): boolean {
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  const left = (a as Record<string, unknown>)[type];
  const right = (b as Record<string, unknown>)[type];
  switch (type) {
    case 'N':
      return sameNumber(left as string, right as string);
    case 'L': {
      const [x, y] = [left as AttributeValue[], right as AttributeValue[]];
      return x.length === y.length && x.every((element, index) => sameValue(element, y[index]!));
    }
    case 'M':
      return sameItem(left as Item, right as Item);
    case 'SS':
    case 'BS':
    case 'NS': {
      const order = type === 'NS' ? compareNumbers : undefined;
      const [x, y] = [[...(left as string[])].sort(order), [...(right as string[])].sort(order)];
      const same = type === 'NS' ? sameNumber : (p: string, q: string) => p === q;
      return x.length === y.length && x.every((member, index) => same(member, y[index]!));
    }
    default:
      return left === right;
  }
}

export function sameItem(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const other = getOwn(b, name);
      return other !== undefined && sameValue(a[name]!, other);
    })
  );
}

// The value a new field of `type` starts with; sets start with one member, for they are never empty.
export function initialValue(type: AttributeType): AttributeValue {
  switch (type) {
    case 'S': return { S: '' };
    case 'N': return { N: '0' };
    case 'B': return { B: '' };
    case 'BOOL': return { BOOL: false };
    case 'NULL': return { NULL: true };
    case 'L': return { L: [] };
    case 'M': return { M: {} };
    case 'SS': return { SS: [''] };
    case 'NS': return { NS: ['0'] };
    case 'BS': return { BS: [''] };
  }
}

const utf8 = new TextEncoder();

// Bytes an attribute counts towards the 400 KB of an item.
// Source: Developer Guide, "DynamoDB item sizes and formats".
export function valueSize(value: AttributeValue): number {
  if ('S' in value) return utf8.encode(value.S).length;
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return base64Bytes(value.B);
  if ('BOOL' in value || 'NULL' in value) return 1;
  if ('L' in value) return 3 + value.L.reduce((sum, element) => sum + 1 + valueSize(element), 0);
  if ('M' in value) return 3 + Object.keys(value.M).length + itemSize(value.M);
  if ('SS' in value) return value.SS.reduce((sum, member) => sum + utf8.encode(member).length, 0);
  if ('NS' in value) return value.NS.reduce((sum, member) => sum + numberSize(member), 0);
  return value.BS.reduce((sum, member) => sum + base64Bytes(member), 0);
}

export function itemSize(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + utf8.encode(name).length + valueSize(value), 0);
}

function numberSize(text: string): number {
  const digits = text.replace(/[eE].*$/, '').replace(/[^0-9]/g, '').replace(/^0+|0+$/g, '').length;
  return digits === 0 ? 1 : 1 + Math.ceil(digits / 2) + (text.startsWith('-') ? 1 : 0);
}
