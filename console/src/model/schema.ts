// Key schemas: which attributes name an item, in a table or an index.
import { AttributeValue, Item, getOwn, setOwn } from './attribute';
import type { IndexDescription, KeySchemaElement, TableDescription } from '../api/types';

export type KeyType = 'S' | 'N' | 'B';

export interface KeyAttribute {
  name: string;
  type: KeyType;
}

// A table or index as something to read by key. A global index may have several attributes in
// each half of its key (multi-attribute keys); everything else has one and at most one.
export interface ReadTarget {
  index?: string;
  kind: 'table' | 'lsi' | 'gsi';
  partition: KeyAttribute[];
  sort: KeyAttribute[];
  projection: string;
  keys: string[]; // The table's primary key, which tells items apart wherever they are read.
}

export function keyAttributes(schema: KeySchemaElement[], table: TableDescription, half: 'HASH' | 'RANGE'): KeyAttribute[] {
  return schema
    .filter((element) => element.KeyType === half)
    .map((element) => ({ name: element.AttributeName, type: typeOfKey(table, element.AttributeName) }));
}

function typeOfKey(table: TableDescription, name: string): KeyType {
  return table.AttributeDefinitions?.find((definition) => definition.AttributeName === name)?.AttributeType ?? 'S';
}

export function readTargets(table: TableDescription): ReadTarget[] {
  const target = (kind: ReadTarget['kind'], schema: KeySchemaElement[], index?: IndexDescription): ReadTarget => ({
    index: index?.IndexName,
    kind,
    partition: keyAttributes(schema, table, 'HASH'),
    sort: keyAttributes(schema, table, 'RANGE'),
    projection: index?.Projection?.ProjectionType ?? 'ALL',
    keys: keyNames(table),
  });
  return [
    target('table', table.KeySchema ?? []),
    ...(table.LocalSecondaryIndexes ?? []).map((index) => target('lsi', index.KeySchema, index)),
    ...(table.GlobalSecondaryIndexes ?? []).map((index) => target('gsi', index.KeySchema, index)),
  ];
}

export function keyNames(table: TableDescription): string[] {
  return (table.KeySchema ?? []).map((element) => element.AttributeName);
}

export function keyOf(item: Item, names: string[]): Item {
  const key: Item = {};
  for (const name of names) {
    const value = getOwn(item, name);
    if (value) setOwn(key, name, value);
  }
  return key;
}

// One string per distinct primary key, for use as an identity in lists.
export function keyText(item: Item, names: string[]): string {
  return JSON.stringify(names.map((name) => getOwn(item, name) ?? null));
}

// The value for a key attribute of `type` from what was typed.
export function keyValue(type: KeyType, text: string): AttributeValue {
  return { [type]: text } as AttributeValue;
}

export function describeKey(attributes: KeyAttribute[]): string {
  return attributes.map((attribute) => `${attribute.name} (${attribute.type})`).join(', ');
}
