import { expect, it } from 'vitest';
import { formatBytes, formatMs, formatMsPair, formatRate, plural } from '../src/model/format';

it.each([
  [0.0784, 0.163, '0.08 · 0.16 ms'],
  [0.5, 1500, '0.5 ms · 1.5 s'],
  [undefined, undefined, '– · –'],
])('writes %s and %s ms as %s', (a, b, text) => {
  expect(formatMsPair(a, b)).toBe(text);
});

it('writes times, sizes and counts as people read them', () => {
  expect(formatMs(12.3)).toBe('12 ms');
  expect([0.25, 9.5, 1234].map(formatRate)).toEqual(['0.25', '9.5', '1.2K']);
  expect(formatBytes(1536)).toBe('1.5 KB');
  expect(plural(1, 'item')).toBe('1 item');
  expect(plural(1200, 'query', 'queries')).toBe('1,200 queries');
});
