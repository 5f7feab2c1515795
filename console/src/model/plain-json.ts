// Items as plain JSON, the form people prefer to read, without losing a type on the way:
//   text, true, null, lists and maps   as in JSON
//   number                             a JSON number with all its digits
//   binary                             {"$binary": "base64"}
//   sets                               {"$set": ["a", "b"]}, {"$set": [1, 2]}, {"$set": [{"$binary": ".."}]}
//   a map that looks like one of these {"$map": {"$set": ..}}
import { AttributeValue, InvalidValue, Item, checkValue, isBase64, setOwn } from './attribute';
import { Json, JsonNumber, JsonObject, isObject } from './json';
import { canonicalNumber } from './number';

const MARKERS = new Set(['$binary', '$set', '$map']);

function object(entries: [string, Json][]): JsonObject {
  const out = Object.create(null) as JsonObject;
  for (const [name, value] of entries) out[name] = value;
  return out;
}

const isMarked = (names: string[]) => names.length === 1 && MARKERS.has(names[0]!);

export function toPlain(value: AttributeValue): Json {
  if ('S' in value) return value.S;
  if ('N' in value) return new JsonNumber(canonicalNumber(value.N));
  if ('B' in value) return object([['$binary', value.B]]);
  if ('BOOL' in value) return value.BOOL;
  if ('NULL' in value) return null;
  if ('L' in value) return value.L.map(toPlain);
  if ('M' in value) {
    const map = itemToPlain(value.M);
    return isMarked(Object.keys(map)) ? object([['$map', map]]) : map;
  }
  if ('SS' in value) return object([['$set', value.SS]]);
  if ('NS' in value) return object([['$set', value.NS.map((n) => new JsonNumber(canonicalNumber(n)))]]);
  return object([['$set', value.BS.map((b) => object([['$binary', b]]))]]);
}

export function itemToPlain(item: Item): JsonObject {
  return object(Object.entries(item).map(([name, value]) => [name, toPlain(value)]));
}

export function fromPlain(json: Json, path = ''): AttributeValue {
  return checkValue(convert(json, path), path);
}

export function itemFromPlain(json: Json): Item {
  if (!isObject(json)) throw new InvalidValue('an item is an object of attributes', '');
  const item: Item = {};
  for (const [name, value] of Object.entries(json)) {
    if (name === '') throw new InvalidValue('an attribute name may not be empty', '');
    setOwn(item, name, fromPlain(value, name));
  }
  return item;
}

function convert(json: Json, path: string): AttributeValue {
  if (json === null) return { NULL: true };
  if (typeof json === 'string') return { S: json };
  if (typeof json === 'boolean') return { BOOL: json };
  if (json instanceof JsonNumber) return { N: json.text };
  if (Array.isArray(json)) return { L: json.map((element, index) => convert(element, `${path}[${index}]`)) };
  const names = Object.keys(json);
  if (isMarked(names)) return marked(names[0]!, json[names[0]!]!, path);
  return { M: convertMap(json, path) };
}

function convertMap(json: JsonObject, path: string): Item {
  const map: Item = {};
  for (const [name, value] of Object.entries(json)) setOwn(map, name, convert(value, path ? `${path}.${name}` : name));
  return map;
}

function marked(marker: string, inner: Json, path: string): AttributeValue {
  if (marker === '$map') {
    if (!isObject(inner)) throw new InvalidValue('$map holds an object', path);
    return { M: convertMap(inner, path) };
  }
  if (marker === '$binary') {
    if (typeof inner !== 'string' || !isBase64(inner)) throw new InvalidValue('$binary holds base64 text', path);
    return { B: inner };
  }
  if (!Array.isArray(inner) || inner.length === 0) throw new InvalidValue('$set holds a list with a member', path);
  if (inner.every((member): member is string => typeof member === 'string')) return { SS: inner };
  if (inner.every((member): member is JsonNumber => member instanceof JsonNumber)) {
    return { NS: inner.map((member) => member.text) };
  }
  const binary = inner.map((member) => {
    const value = convert(member, path);
    if (!('B' in value)) throw new InvalidValue('a set holds strings, numbers or binary, all of one type', path);
    return value.B;
  });
  return { BS: binary };
}
