// Many writes through BatchWriteItem: 25 at a time, several requests in flight, and what the server
// leaves undone is tried again with growing pauses.
import type { WriteRequest } from '../api/dynamodb';

export interface BatchFailure {
  index: number; // Position in the list that was handed in.
  message: string;
}

export interface BatchProgress {
  done: number;
  failed: BatchFailure[];
}

// Writes `requests` and answers which of them came back undone; throws when the call is refused.
export type SendBatch = (requests: WriteRequest[], signal: AbortSignal) => Promise<WriteRequest[]>;

const SIZE = 25;
const IN_FLIGHT = 4;
const ATTEMPTS = 8;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function writeAll(
  requests: WriteRequest[],
  send: SendBatch,
  onProgress: (progress: BatchProgress) => void,
  signal: AbortSignal,
  pauseMs = pause,
): Promise<BatchProgress> {
  const progress: BatchProgress = { done: 0, failed: [] };
  let next = 0;
  const worker = async () => {
    while (next < requests.length && !signal.aborted) {
      const from = next;
      next = Math.min(requests.length, next + SIZE);
      await writeBatch(from, next);
      onProgress({ done: progress.done, failed: [...progress.failed] });
    }
  };

  // One refused batch is taken apart, so that one bad item does not take 24 good ones with it.
  const writeBatch = async (from: number, to: number): Promise<void> => {
    const positions = new Map(requests.slice(from, to).map((request, index) => [JSON.stringify(request), from + index]));
    let left = requests.slice(from, to);
    for (let attempt = 0; left.length > 0; attempt++) {
      if (signal.aborted) return;
      if (attempt === ATTEMPTS) {
        for (const request of left) progress.failed.push({ index: positions.get(JSON.stringify(request)) ?? from, message: 'throttled too often' });
        return;
      }
      if (attempt > 0) await pauseMs(50 * 2 ** attempt);
      try {
        const undone = await send(left, signal);
        progress.done += left.length - undone.length;
        left = undone;
      } catch (error) {
        if (signal.aborted) return;
        if (/Throttl|ProvisionedThroughputExceeded|ServiceUnavailable|InternalServer/.test(String((error as { type?: string }).type ?? ''))) continue;
        if (to - from > 1 && attempt === 0) {
          for (let one = from; one < to; one++) await writeBatch(one, one + 1);
        } else {
          for (const request of left) progress.failed.push({ index: positions.get(JSON.stringify(request)) ?? from, message: (error as Error).message });
        }
        return;
      }
    }
  };

  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  progress.failed.sort((a, b) => a.index - b.index);
  return progress;
}
