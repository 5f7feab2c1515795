import { expect, test } from 'vitest';
import type { AttributeValue } from '../src/model/attribute';
import { innerChanges } from '../src/model/inner-diff';
import { diffItems } from '../src/model/update';

const changes = (before: AttributeValue, after: AttributeValue) => innerChanges(diffItems({ a: before }, { a: after })).map(({ path, before: old, after: now }) => [path, old, now]);

test('a change inside a document is shown where it is', () => {
  const before: AttributeValue = { M: { label: { S: 'x' }, rows: { L: [{ N: '1' }, { M: { n: { N: '2' } } }] }, gone: { BOOL: true } } };
  const after: AttributeValue = { M: { label: { S: 'x' }, rows: { L: [{ N: '1' }, { M: { n: { N: '3' } } }, { S: 'more' }] } } };
  expect(changes(before, after)).toEqual([
    ['a.gone', { BOOL: true }, undefined],
    ['a.rows[1].n', { N: '2' }, { N: '3' }],
    ['a.rows[2]', undefined, { S: 'more' }],
  ]);
});

test('of a set the members that came and went are shown', () => {
  expect(changes({ SS: ['x', 'y'] }, { SS: ['y', 'z'] })).toEqual([['a', { SS: ['x'] }, { SS: ['z'] }]]);
  expect(changes({ NS: ['1', '2'] }, { NS: ['2.0', '1', '3'] })).toEqual([['a', undefined, { NS: ['3'] }]]);
});

test('another type, and too many changes in one attribute, are shown whole', () => {
  expect(changes({ S: '1' }, { N: '1' })).toEqual([['a', { S: '1' }, { N: '1' }]]);
  const list = (first: number): AttributeValue => ({ L: Array.from({ length: 40 }, (_, at) => ({ N: String(first + at) })) });
  expect(changes(list(0), list(100))).toEqual([['a', list(0), list(100)]]);
});
