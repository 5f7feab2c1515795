// Reads pages of a Query or Scan and keeps what came, with what it cost.
import { useCallback, useRef, useState } from 'react';
import { call, Target } from '../../api/dynamodb';
import type { Item } from '../../model/attribute';
import { readCall, ReadForm } from '../../model/read-request';
import type { ReadTarget } from '../../model/schema';

export interface ReadState {
  items: Item[];
  next?: Item; // Where the next page begins; absent when everything was read.
  pages: number;
  scanned: number;
  units: number;
  serverMs?: number;
  roundTripMs?: number;
  requestId?: string;
  operation?: 'Query' | 'Scan';
  busy: boolean;
  all: boolean; // Reading on until the end.
  error?: unknown;
}

const EMPTY: ReadState = { items: [], pages: 0, scanned: 0, units: 0, busy: false, all: false };
// The browser holds what is read; beyond this, exporting in pieces is the better way.
export const MOST_ITEMS = 200_000;

export function useReader(target: Target, table: string) {
  const [state, setState] = useState<ReadState>(EMPTY);
  const abort = useRef<AbortController>();
  const latest = useRef(state);
  latest.current = state;
  const query = useRef<{ readTarget: ReadTarget; form: ReadForm }>();

  const page = useCallback(
    async (from: ReadState, controller: AbortController): Promise<ReadState> => {
      const { readTarget, form } = query.current!;
      const { operation, input } = readCall(table, readTarget, from.all ? { ...form, pageSize: 0 } : form, from.next);
      const { output, serverMs, roundTripMs, requestId } = await call(target, operation, input, controller.signal);
      return {
        ...from,
        items: from.items.concat(output.Items ?? []),
        next: output.LastEvaluatedKey,
        pages: from.pages + 1,
        scanned: from.scanned + (output.ScannedCount ?? 0),
        units: from.units + (output.ConsumedCapacity?.CapacityUnits ?? 0),
        serverMs,
        roundTripMs,
        requestId,
        operation,
      };
    },
    [target, table],
  );

  // Goes on until there is something to show: a filter can leave page after page empty.
  const go = useCallback(
    async (start: ReadState, enough: (state: ReadState, pages: number) => boolean) => {
      abort.current?.abort();
      const controller = new AbortController();
      abort.current = controller;
      let now: ReadState = { ...start, busy: true, error: undefined };
      setState(now);
      try {
        let pages = 0;
        do {
          now = await page(now, controller);
          pages++;
          setState(now);
        } while (now.next && !enough(now, pages) && now.items.length < MOST_ITEMS);
        setState({ ...now, busy: false, all: false });
      } catch (error) {
        if (controller.signal.aborted) setState((last) => ({ ...last, busy: controller !== abort.current && last.busy, all: false }));
        else setState({ ...now, busy: false, all: false, error });
      }
    },
    [page],
  );

  const run = useCallback(
    (readTarget: ReadTarget, form: ReadForm) => {
      query.current = { readTarget, form };
      return go(EMPTY, (state, pages) => state.items.length > 0 || pages >= 10);
    },
    [go],
  );
  const more = useCallback(() => {
    const now = latest.current;
    if (now.busy || !now.next || now.items.length >= MOST_ITEMS || now.error) return;
    const had = now.items.length;
    void go(now, (state, pages) => state.items.length > had || pages >= 10);
  }, [go]);
  const readAll = useCallback(() => {
    if (!latest.current.busy && latest.current.next) void go({ ...latest.current, all: true }, () => false);
  }, [go]);
  const cancel = useCallback(() => {
    abort.current?.abort();
    setState((now) => ({ ...now, busy: false, all: false }));
  }, []);
  // Whether the items are whole ones: they come from the table, without a projection.
  const complete = useCallback(() => query.current?.readTarget.kind === 'table' && !query.current.form.projection.trim(), []);
  const change = useCallback((edit: (items: Item[]) => Item[]) => setState((now) => ({ ...now, items: edit(now.items) })), []);
  const reset = useCallback(() => {
    abort.current?.abort();
    setState(EMPTY);
  }, []);

  return { state, run, more, readAll, cancel, change, reset, complete };
}
