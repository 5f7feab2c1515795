import { expect, it } from 'vitest';
import { readItems } from '../src/model/transfer';

it('loses no line to a broken one', () => {
  const file = readItems('{"id": "a"}\n{broken\n\n{"id": "b"}\n', 'jsonl');
  expect(file.items).toEqual([{ id: { S: 'a' } }, { id: { S: 'b' } }]);
  expect(file.errors).toEqual([{ line: 2, message: 'expected a name in double quotes (column 2)' }]);
});

it('reads values that go on over lines, and says in which line one is wrong', () => {
  const file = readItems('{\n  "id": "a"\n}\n{\n  "id": tru\n}\n', 'jsonl');
  expect(file.items).toEqual([{ id: { S: 'a' } }]);
  expect(file.errors).toEqual([{ line: 5, message: 'unexpected "t" (column 9)' }]);
});
