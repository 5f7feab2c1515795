import { expect, it } from 'vitest';
import { QueryDraft, readQueries, writeQueries } from '../src/api/queries';

const DIGITS = '12345678901234567890123456789012345678';

it('comes back from a file as it went in, with every digit', () => {
  const queries: QueryDraft[] = [
    { name: 'wide', language: 'json', operation: 'Query', body: `{\n  "n": ${DIGITS}\n}`, variables: [{ name: 'id', type: 'S', required: true }], valueFormat: 'plain', shared: false },
    { name: 'statement', language: 'partiql', body: 'SELECT * FROM "t"', variables: [], shared: true },
  ];
  const text = writeQueries(queries);
  expect(text).toContain(DIGITS);
  expect(readQueries(text)).toEqual(queries);
});

it.each(['{}', '[1]', '[{"name": "no body"}]', 'not JSON'])('refuses %s as a file of queries', (text) => {
  expect(() => readQueries(text)).toThrow();
});
