import { expect, it } from 'vitest';
import { complete } from '../src/model/partiql/complete';

const tables = [{ name: 'planets', indexes: ['by-kind'], attributes: ['id', 'moon.s'] }];
const at = (text: string) => {
  const { from, suggestions } = complete(text.replace('|', ''), text.indexOf('|'), tables);
  return { word: text.slice(from, text.indexOf('|')), inserts: suggestions.map((one) => one.insert) };
};

it.each([
  ['SELECT * FROM pla|', 'pla', ['"planets"']],
  ['SELECT * FROM "pla|', 'pla', ['planets"']],
  ['SELECT * FROM "pla|"', 'pla', ['planets']],
  ['SELECT * FROM "planets".|', '', ['"by-kind"']],
  ['SELECT * FROM "planets"."by|"', 'by', ['by-kind']],
  ['SELECT * FROM planets WHERE "mo|"', 'mo', ['id', 'moon.s']],
])('completes %s', (text, word, inserts) => {
  expect(at(text)).toEqual({ word, inserts });
});

it('offers attributes before keywords where a condition stands', () => {
  const { inserts } = at('SELECT * FROM planets WHERE |');
  expect(inserts.slice(0, 2)).toEqual(['id', '"moon.s"']);
  expect(inserts).toContain('BETWEEN');
});
