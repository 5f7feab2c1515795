// From an item as it was read and as it was edited to the one call that makes the change:
// only what changed is sent, under the condition that nobody else changed it since.
import { Item, getOwn, sameItem, sameValue, setOwn } from './attribute';
import type { AttributeValue } from './attribute';
import { keyOf } from './schema';

export interface AttributeChange {
  name: string;
  kind: 'added' | 'removed' | 'changed';
  before?: AttributeValue;
  after?: AttributeValue;
}

export function diffItems(before: Item, after: Item): AttributeChange[] {
  const changes: AttributeChange[] = [];
  for (const name of Object.keys(before)) {
    const [old, now] = [before[name]!, getOwn(after, name)];
    if (!now) changes.push({ name, kind: 'removed', before: old });
    else if (!sameValue(old, now)) changes.push({ name, kind: 'changed', before: old, after: now });
  }
  for (const name of Object.keys(after)) {
    if (!getOwn(before, name)) changes.push({ name, kind: 'added', after: after[name]! });
  }
  return changes.sort((a, b) => (a.name < b.name ? -1 : 1));
}

// What must still be as it was read for a save to go through.
//   touched: the attributes that are about to change; two people may edit different ones.
//   whole:   every attribute.
//   nothing: the save wins whatever happened in between.
export type Guard = 'touched' | 'whole' | 'nothing';

export interface WriteCall {
  operation: 'UpdateItem' | 'PutItem' | 'DeleteItem' | 'TransactWriteItems';
  input: Record<string, unknown>;
}

// Numbers the placeholders of one expression: #n0, #n1, :v0, ...
export class Placeholders {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, AttributeValue> = {};
  private readonly known = new Map<string, string>();

  name(attribute: string): string {
    let placeholder = this.known.get(attribute);
    if (!placeholder) {
      placeholder = `#n${this.known.size}`;
      this.known.set(attribute, placeholder);
      this.names[placeholder] = attribute;
    }
    return placeholder;
  }

  value(value: AttributeValue): string {
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = value;
    return placeholder;
  }

  // Members to spread into a request; empty ones are left out, because DynamoDB refuses them.
  members(): { ExpressionAttributeNames?: Record<string, string>; ExpressionAttributeValues?: Record<string, AttributeValue> } {
    return {
      ...(Object.keys(this.names).length ? { ExpressionAttributeNames: this.names } : {}),
      ...(Object.keys(this.values).length ? { ExpressionAttributeValues: this.values } : {}),
    };
  }
}

function unchanged(before: Item, names: string[], keys: string[], holders: Placeholders): string {
  const clauses = [`attribute_exists(${holders.name(keys[0]!)})`];
  for (const name of names) {
    if (keys.includes(name)) continue;
    const old = getOwn(before, name);
    clauses.push(old ? `${holders.name(name)} = ${holders.value(old)}` : `attribute_not_exists(${holders.name(name)})`);
  }
  return clauses.join(' AND ');
}

// The call that saves `after`; undefined when nothing changed. A changed primary key moves the
// item: one transaction writes it under the new key, which must be free, and deletes the old one.
export function saveCall(table: string, keys: string[], before: Item, after: Item, guard: Guard): WriteCall | undefined {
  const changes = diffItems(before, after);
  if (changes.length === 0) return undefined;
  const [oldKey, newKey] = [keyOf(before, keys), keyOf(after, keys)];
  if (!sameItem(oldKey, newKey)) return moveCall(table, keys, before, after, guard);

  const holders = new Placeholders();
  const sets = changes.filter((change) => change.after);
  const removes = changes.filter((change) => !change.after);
  const parts: string[] = [];
  if (sets.length) {
    parts.push('SET ' + sets.map((change) => `${holders.name(change.name)} = ${holders.value(change.after!)}`).join(', '));
  }
  if (removes.length) parts.push('REMOVE ' + removes.map((change) => holders.name(change.name)).join(', '));
  const input: Record<string, unknown> = { TableName: table, Key: oldKey, UpdateExpression: parts.join(' ') };
  if (guard !== 'nothing') {
    const names = guard === 'whole' ? [...new Set([...Object.keys(before), ...changes.map((c) => c.name)])] : changes.map((c) => c.name);
    input.ConditionExpression = unchanged(before, names, keys, holders);
    input.ReturnValuesOnConditionCheckFailure = 'ALL_OLD';
  }
  return { operation: 'UpdateItem', input: { ...input, ...holders.members(), ReturnConsumedCapacity: 'TOTAL' } };
}

function moveCall(table: string, keys: string[], before: Item, after: Item, guard: Guard): WriteCall {
  const removal = new Placeholders();
  const condition = guard === 'nothing' ? `attribute_exists(${removal.name(keys[0]!)})` : unchanged(before, Object.keys(before), keys, removal);
  const put = new Placeholders();
  return {
    operation: 'TransactWriteItems',
    input: {
      TransactItems: [
        { Put: { TableName: table, Item: after, ConditionExpression: `attribute_not_exists(${put.name(keys[0]!)})`, ...put.members() } },
        { Delete: { TableName: table, Key: keyOf(before, keys), ConditionExpression: condition, ...removal.members() } },
      ],
      ReturnConsumedCapacity: 'TOTAL',
    },
  };
}

// Creates an item and never replaces one.
export function createCall(table: string, keys: string[], item: Item): WriteCall {
  const holders = new Placeholders();
  return {
    operation: 'PutItem',
    input: {
      TableName: table,
      Item: item,
      ConditionExpression: `attribute_not_exists(${holders.name(keys[0]!)})`,
      ...holders.members(),
      ReturnConsumedCapacity: 'TOTAL',
    },
  };
}

// An item with some attributes replaced, for editing in the grid.
export function withAttribute(item: Item, name: string, value: AttributeValue | undefined): Item {
  const copy: Item = { ...item };
  if (value) setOwn(copy, name, value);
  else delete copy[name];
  return copy;
}
