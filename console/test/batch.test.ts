import { describe, expect, it } from 'vitest';
import type { WriteRequest } from '../src/api/dynamodb';
import { writeAll } from '../src/model/batch';

const put = (id: number): WriteRequest => ({ PutRequest: { Item: { id: { N: String(id) } } } });
const requests = (count: number) => Array.from({ length: count }, (_, id) => put(id));
const never = new AbortController().signal;
const atOnce = () => Promise.resolve();

describe('many writes', () => {
  it('go out 25 at a time and are all done', async () => {
    const sizes: number[] = [];
    const done = await writeAll(requests(60), async (batch) => (sizes.push(batch.length), []), () => undefined, never, atOnce);
    expect(sizes.sort((a, b) => a - b)).toEqual([10, 25, 25]);
    expect(done).toEqual({ done: 60, failed: [] });
  });

  it('are tried again when the server leaves some', async () => {
    let calls = 0;
    const done = await writeAll(requests(10), async (batch) => (calls++ === 0 ? batch.slice(4) : []), () => undefined, never, atOnce);
    expect(done).toEqual({ done: 10, failed: [] });
    expect(calls).toBe(2);
  });

  it('lose only the one that is refused', async () => {
    const bad = JSON.stringify(put(7));
    const done = await writeAll(
      requests(25),
      async (batch) => {
        if (batch.some((one) => JSON.stringify(one) === bad)) throw new Error('refused');
        return [];
      },
      () => undefined,
      never,
      atOnce,
    );
    expect(done).toEqual({ done: 24, failed: [{ index: 7, message: 'refused' }] });
  });

  it('give up on what is throttled for good', async () => {
    const done = await writeAll(requests(1), async (batch) => batch, () => undefined, never, atOnce);
    expect(done).toEqual({ done: 0, failed: [{ index: 0, message: 'throttled too often' }] });
  });

  it('stop when told to', async () => {
    const controller = new AbortController();
    let calls = 0;
    await writeAll(requests(1000), async () => (calls++, controller.abort(), []), () => undefined, controller.signal, atOnce);
    expect(calls).toBeLessThanOrEqual(4);
  });
});
