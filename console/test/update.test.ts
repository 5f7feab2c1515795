import { describe, expect, it } from 'vitest';
import type { Item } from '../src/model/attribute';
import { diffItems, saveCall } from '../src/model/update';

const before: Item = { id: { S: 'x' }, price: { N: '1.0' }, note: { S: 'old' }, tags: { SS: ['a', 'b'] } };

describe('saving an item', () => {
  it('sends nothing when only the writing of values differs', () => {
    expect(saveCall('t', ['id'], before, { ...before, price: { N: '1' }, tags: { SS: ['b', 'a'] } }, 'touched')).toBeUndefined();
  });

  it('sends what changed, if that is still as it was read', () => {
    const { price: _price, ...rest } = before;
    const call = saveCall('t', ['id'], before, { ...rest, note: { S: 'new' }, extra: { BOOL: true } }, 'touched')!;
    expect(call.operation).toBe('UpdateItem');
    expect(call.input).toMatchObject({
      Key: { id: { S: 'x' } },
      UpdateExpression: 'SET #n0 = :v0, #n1 = :v1 REMOVE #n2',
      ConditionExpression: 'attribute_exists(#n3) AND attribute_not_exists(#n0) AND #n1 = :v2 AND #n2 = :v3',
      ExpressionAttributeNames: { '#n0': 'extra', '#n1': 'note', '#n2': 'price', '#n3': 'id' },
      ExpressionAttributeValues: { ':v0': { BOOL: true }, ':v1': { S: 'new' }, ':v2': { S: 'old' }, ':v3': { N: '1.0' } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  it('moves an item whose key changed in one transaction, to a free key', () => {
    const call = saveCall('t', ['id'], before, { ...before, id: { S: 'y' } }, 'touched')!;
    expect(call.operation).toBe('TransactWriteItems');
    const [put, remove] = call.input.TransactItems as [{ Put: object }, { Delete: object }];
    expect(put.Put).toMatchObject({ ConditionExpression: 'attribute_not_exists(#n0)', Item: { id: { S: 'y' } } });
    expect(remove.Delete).toMatchObject({ Key: { id: { S: 'x' } } });
  });
});

it('tells what was added, removed and changed', () => {
  const after: Item = { id: { S: 'x' }, price: { N: '2' }, tags: { SS: ['b', 'a'] }, fresh: { NULL: true } };
  expect(diffItems(before, after).map(({ name, kind }) => [name, kind])).toEqual([
    ['fresh', 'added'],
    ['note', 'removed'],
    ['price', 'changed'],
  ]);
});
