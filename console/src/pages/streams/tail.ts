// Follows every shard of a stream. Children of a shard are read after it, as order asks for.
import { useCallback, useEffect, useRef, useState } from 'react';
import { call, ServiceError, Target } from '../../api/dynamodb';
import type { Shard, StreamRecord } from '../../api/types';

export interface SeenRecord extends StreamRecord {
  shard: string;
}

const MOST_RECORDS = 2000;
const PAUSE_MS = 1000;

interface Reading {
  iterator?: string; // Absent before the first read.
  done: boolean;
}

export function useTail(target: Target, arn: string, shards: Shard[] | undefined, from: 'LATEST' | 'TRIM_HORIZON') {
  const [records, setRecords] = useState<SeenRecord[]>([]);
  const [counts, setCounts] = useState<Record<string, number>>({});
  const [total, setTotal] = useState(0);
  const [running, setRunning] = useState(true);
  const [error, setError] = useState<unknown>();
  const reading = useRef(new Map<string, Reading>());
  const known = useRef<Shard[]>([]);
  const firstShards = useRef<Set<string>>();
  known.current = shards ?? [];
  if (shards && !firstShards.current) firstShards.current = new Set(shards.map((one) => one.ShardId));

  // Another place to begin is another tail.
  useEffect(() => {
    reading.current.clear();
    firstShards.current = undefined;
    setRecords([]);
    setCounts({});
    setTotal(0);
  }, [from, arn]);

  useEffect(() => {
    if (!running) return undefined;
    const controller = new AbortController();
    const { signal } = controller;

    const readShard = async (shard: Shard): Promise<boolean> => {
      const state = reading.current.get(shard.ShardId) ?? { done: false };
      reading.current.set(shard.ShardId, state);
      if (state.done) return false;
      if (!state.iterator) {
        const closed = shard.SequenceNumberRange?.EndingSequenceNumber !== undefined;
        const seenFromStart = firstShards.current?.has(shard.ShardId) ?? true;
        if (from === 'LATEST' && closed && seenFromStart) {
          state.done = true;
          return false;
        }
        // A shard that appeared while following is read from its beginning, or its first records were lost.
        const type = from === 'LATEST' && seenFromStart ? 'LATEST' : 'TRIM_HORIZON';
        const { output } = await call(target, 'GetShardIterator', { StreamArn: arn, ShardId: shard.ShardId, ShardIteratorType: type }, signal);
        state.iterator = output.ShardIterator;
      }
      if (!state.iterator) return false;
      const { output } = await call(target, 'GetRecords', { ShardIterator: state.iterator, Limit: 1000 }, signal).catch((problem: unknown) => {
        // An iterator that is too old is taken anew; records it would have given are gone.
        if (problem instanceof ServiceError && /ExpiredIterator|TrimmedDataAccess/.test(problem.type)) {
          state.iterator = undefined;
          return { output: { Records: [] as StreamRecord[], NextShardIterator: '' } };
        }
        throw problem;
      });
      if (state.iterator !== undefined) {
        state.iterator = output.NextShardIterator;
        if (!state.iterator) state.done = true;
      }
      if (output.Records.length > 0) {
        const seen = output.Records.map((record): SeenRecord => ({ ...record, shard: shard.ShardId })).reverse();
        setRecords((now) => [...seen, ...now].slice(0, MOST_RECORDS));
        setTotal((now) => now + seen.length);
        setCounts((now) => ({ ...now, [shard.ShardId]: (now[shard.ShardId] ?? 0) + seen.length }));
      }
      return output.Records.length > 0;
    };

    const ready = (shard: Shard) => {
      const parent = shard.ParentShardId && known.current.some((one) => one.ShardId === shard.ParentShardId) ? reading.current.get(shard.ParentShardId) : undefined;
      return !parent || parent.done;
    };
    const loop = async () => {
      while (!signal.aborted) {
        let busy = false;
        try {
          for (const shard of known.current) {
            if (signal.aborted) return;
            if (ready(shard)) busy = (await readShard(shard)) || busy;
          }
          setError(undefined);
        } catch (problem) {
          if (signal.aborted) return;
          setError(problem);
        }
        await new Promise((resolve) => setTimeout(resolve, busy ? 100 : PAUSE_MS));
      }
    };
    void loop();
    return () => controller.abort();
  }, [running, target, arn, from]);

  const start = useCallback(() => setRunning(true), []);
  const stop = useCallback(() => setRunning(false), []);
  const clear = useCallback(() => {
    setRecords([]);
    setTotal(0);
    setCounts({});
  }, []);
  return { records, counts, total, running, error, start, stop, clear };
}
