import { describe, expect, it } from 'vitest';
import { Item, checkItem, checkValue, itemSize, sameItem, sameValue } from '../src/model/attribute';
import { parseJson, writeJson } from '../src/model/json';
import { itemFromPlain, itemToPlain } from '../src/model/plain-json';
import { readItems, typedItem, writeItems, FileFormat } from '../src/model/transfer';

const DIGITS = '12345678901234567890123456789012345678';

// Every type, at the top and nested, with what naive tools damage.
export const EVERYTHING: Item = {
  s: { S: 'text with "quotes", a\nline, 日本語, 🎉 and \u0000' },
  empty: { S: '' },
  n: { N: DIGITS },
  tiny: { N: '0.00000000000000000000000000000000000001' },
  negative: { N: '-17.5' },
  b: { B: 'AAECA/8=' },
  yes: { BOOL: true },
  nothing: { NULL: true },
  ss: { SS: ['a', 'b,c', ''] },
  ns: { NS: ['1', DIGITS, '-2.5'] },
  bs: { BS: ['AAE=', '/w=='] },
  l: { L: [{ S: 'x' }, { N: '1' }, { L: [] }, { M: {} }, { SS: ['only'] }, { B: '' }] },
  m: { M: { 'dotted.name': { S: 'v' }, deep: { M: { ns: { NS: ['9007199254740993'] } } } } },
  looksLikeSet: { M: { $set: { L: [{ S: 'not a set' }] } } },
  looksLikeBinary: { M: { $binary: { S: 'not binary' } } },
  looksLikeMap: { M: { $map: { M: { $set: { NULL: true } } } } },
};
Object.defineProperty(EVERYTHING, '__proto__', { value: { S: 'an attribute like any other' }, enumerable: true, configurable: true, writable: true });

describe('an item of all ten types', () => {
  it('is a valid item', () => {
    expect(() => checkItem(EVERYTHING)).not.toThrow();
  });

  it('comes back from plain JSON as it went in, byte for byte', () => {
    const text = writeJson(itemToPlain(EVERYTHING));
    expect(JSON.stringify(itemFromPlain(parseJson(text)))).toBe(JSON.stringify(EVERYTHING));
  });

  it('comes back from DynamoDB JSON as it went in', () => {
    expect(JSON.stringify(typedItem(parseJson(JSON.stringify(EVERYTHING, null, 2))))).toBe(JSON.stringify(EVERYTHING));
  });

  it.each<FileFormat>(['csv', 'jsonl', 'dynamodb', 'json'])('survives export and import as %s', (format) => {
    const others: Item[] = [{ s: { S: 'second' }, n: { S: 'a string where the first has a number' } }, EVERYTHING];
    const items = [EVERYTHING, ...others];
    const file = readItems(writeItems(items, format, ['s']), format);
    expect(file.errors).toEqual([]);
    expect(file.items).toHaveLength(3);
    items.forEach((item, index) => expect(sameItem(file.items[index]!, item)).toBe(true));
  });
});

describe('equality', () => {
  it('compares numbers by value and sets without order', () => {
    expect(sameValue({ N: '1.0' }, { N: '1' })).toBe(true);
    expect(sameValue({ NS: ['2', '1'] }, { NS: ['1.0', '2'] })).toBe(true);
    expect(sameValue({ SS: ['a', 'b'] }, { SS: ['b', 'a'] })).toBe(true);
    expect(sameValue({ L: [{ S: 'a' }, { S: 'b' }] }, { L: [{ S: 'b' }, { S: 'a' }] })).toBe(false);
  });

  it('tells numbers apart that JavaScript cannot', () => {
    expect(sameValue({ N: '9007199254740993' }, { N: '9007199254740992' })).toBe(false);
  });

  it('tells types apart', () => {
    expect(sameValue({ S: '1' }, { N: '1' })).toBe(false);
  });
});

describe('checks', () => {
  it.each([
    [{ N: 5 }, 'written as a string'],
    [{ N: 'abc' }, 'is not a number'],
    [{ N: DIGITS + '9' }, '38 significant digits'],
    [{ NULL: false }, 'NULL holds true'],
    [{ SS: [] }, 'may not be empty'],
    [{ NS: ['1', '1.0'] }, 'twice'],
    [{ B: 'not base64' }, 'base64'],
    [{ S: 'a', N: '1' }, 'exactly one type'],
    [{ X: 'a' }, 'unknown type'],
    ['text', 'typed value'],
  ])('refuses %j', (value, message) => {
    expect(() => checkValue(value)).toThrow(message);
  });

  it('refuses more than 32 levels', () => {
    let value: object = { S: 'x' };
    for (let level = 0; level < 31; level++) value = { L: [value] };
    expect(() => checkValue(value)).not.toThrow();
    expect(() => checkValue({ L: [value] })).toThrow('32 levels');
  });

  it('says where', () => {
    expect(() => checkItem({ a: { M: { b: { L: [{ S: 'x' }, { N: '' }] } } } })).toThrow(/^a\.b\[1\]: /);
  });
});

it('counts bytes as DynamoDB does', () => {
  expect(itemSize({ pk: { S: 'abc' } })).toBe(5);
  expect(itemSize({ n: { N: '123' } })).toBe(1 + 3);
  expect(itemSize({ m: { M: { a: { BOOL: true } } } })).toBe(1 + 3 + 1 + 1 + 1);
});
