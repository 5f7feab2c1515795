import { expect, it } from 'vitest';
import { canonicalNumber, compareNumbers, numberError } from '../src/model/number';

it.each([
  ['1e3', '1000'], ['1.0', '1'], ['1.10', '1.1'], ['+3', '3'], ['007', '7'], ['.5', '0.5'], ['-0', '0'], ['0e5', '0'],
  ['1e-3', '0.001'], ['5.', '5'], ['1e125', '1' + '0'.repeat(125)], ['-12.5e1', '-125'],
])('%s is written %s', (text, canonical) => {
  expect(canonicalNumber(text)).toBe(canonical);
});

it.each(['', 'NaN', 'Infinity', '1_000', '1+2', '1e', '+e2', ' 1', '1e126', '1e-131', '1'.repeat(39)])('%j is refused', (text) => {
  expect(numberError(text)).toBeDefined();
});

it.each(['1e125', '9.9999999999999999999999999999999999999E+125', '1E-130', '0e126', '1'.repeat(38), '100000000000000000000000000000000000000000'])(
  '%s is accepted',
  (text) => expect(numberError(text)).toBeUndefined(),
);

it('orders by value', () => {
  const sorted = ['-1e10', '-2', '-1.5', '0', '0.001', '1', '2', '10', '9007199254740992', '9007199254740993', '1e20'];
  expect([...sorted].reverse().sort(compareNumbers)).toEqual(sorted);
});
