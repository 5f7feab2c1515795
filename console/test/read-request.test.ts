import { describe, expect, it } from 'vitest';
import { changeMember, filterExpression, newClause, newGroup, parsePath } from '../src/model/filter';
import { emptyForm, readCall, ReadForm, splitPaths } from '../src/model/read-request';
import type { ReadTarget } from '../src/model/schema';
import { Placeholders } from '../src/model/update';

const table: ReadTarget = {
  kind: 'table',
  partition: [{ name: 'customer', type: 'S' }],
  sort: [{ name: 'placed', type: 'N' }],
  projection: 'ALL',
  keys: ['customer', 'placed'],
};
const form = (values: Partial<ReadForm>): ReadForm => ({ ...emptyForm(), ...values });

describe('the request of a form', () => {
  it('is a scan without a partition key', () => {
    expect(readCall('orders', table, emptyForm(25))).toEqual({
      operation: 'Scan',
      input: { TableName: 'orders', Limit: 25, ReturnConsumedCapacity: 'INDEXES' },
    });
  });

  it('is a query with one, backwards when asked', () => {
    const { operation, input } = readCall(
      'orders',
      table,
      form({ partition: ['ann'], sort: [{ operator: 'between', value: '1', value2: '9' }], descending: true }),
    );
    expect(operation).toBe('Query');
    expect(input).toMatchObject({
      KeyConditionExpression: '#n0 = :v0 AND #n1 BETWEEN :v1 AND :v2',
      ScanIndexForward: false,
      ExpressionAttributeNames: { '#n0': 'customer', '#n1': 'placed' },
      ExpressionAttributeValues: { ':v0': { S: 'ann' }, ':v1': { N: '1' }, ':v2': { N: '9' } },
    });
  });

  it('has no limit when a page shall hold what it can', () => {
    expect(readCall('orders', table, emptyForm(0)).input).not.toHaveProperty('Limit');
  });

  it('never asks a global index for a consistent read', () => {
    const index: ReadTarget = { ...table, kind: 'gsi', index: 'by-state' };
    expect(readCall('orders', index, form({ consistent: true })).input).not.toHaveProperty('ConsistentRead');
    expect(readCall('orders', table, form({ consistent: true })).input).toHaveProperty('ConsistentRead', true);
  });

  it.each<[Partial<ReadForm>, string]>([
    [{ sort: [{ operator: '=', value: '1', value2: '' }] }, 'a sort key condition needs a partition key value'],
    [{ partition: ['ann'], sort: [{ operator: '=', value: 'soon', value2: '' }] }, 'is not a number'],
    [{ partition: ['ann'], sort: [{ operator: 'between', value: '1', value2: '' }] }, '"between" needs two values'],
    [{ partition: ['ann'], sort: [{ operator: 'begins_with', value: '1', value2: '' }] }, 'works on text and binary only'],
  ])('says what %j lacks', (values, message) => {
    expect(() => readCall('orders', table, form(values))).toThrow(message);
  });

  it('always reads the key', () => {
    const { input } = readCall('orders', table, form({ projection: 'note, placed, to.city' }));
    expect(input).toMatchObject({
      ProjectionExpression: '#n0, #n1, #n2, #n3.#n4',
      ExpressionAttributeNames: { '#n0': 'customer', '#n1': 'note', '#n2': 'placed', '#n3': 'to', '#n4': 'city' },
    });
  });

  it('takes commas in quoted names for part of them', () => {
    expect(splitPaths('a, "b,c".d , e[1]')).toEqual(['a', '"b,c".d', 'e[1]']);
  });
});

describe('a filter', () => {
  const clause = (path: string, value: string) => ({ ...newClause(), path, value });

  it('nests its groups', () => {
    const inner = newGroup('OR', [clause('b', '2'), clause('c', '3')]);
    const group = { ...newGroup('AND', [clause('a', '1'), { ...inner, not: true }]) };
    const holders = new Placeholders();
    expect(filterExpression(group, holders)).toBe('#n0 = :v0 AND NOT (#n1 = :v1 OR #n2 = :v2)');
    expect(holders.values).toEqual({ ':v0': { S: '1' }, ':v1': { S: '2' }, ':v2': { S: '3' } });
  });

  it('without conditions is none', () => {
    expect(filterExpression(newGroup('AND', [newGroup('OR')]), new Placeholders())).toBe('');
  });

  it('changes the member that is meant, however deep', () => {
    const deep = clause('deep', '1');
    const group = newGroup('AND', [clause('other', '1'), newGroup('OR', [deep])]);
    const changed = changeMember(group, deep.id, (member) => ({ ...member, path: 'new' }) as typeof deep);
    const holders = new Placeholders();
    filterExpression(changed, holders);
    expect(Object.values(holders.names)).toEqual(['other', 'new']);
  });

  it('reads paths with quoted names and positions', () => {
    expect(parsePath('a."b.c"[2].d')).toEqual(['a', 'b.c', 2, 'd']);
    expect(() => parsePath('a..b')).toThrow('not an attribute path');
    expect(() => parsePath('a.')).toThrow('the attribute is missing');
  });
});
