// Runs statements one after the other: through ExecuteStatement, or, when they have variables,
// through the server's query runner, which binds values instead of pasting text.
import { useCallback, useRef, useState } from 'react';
import { call, ServiceError } from '../../api/dynamodb';
import { QueryVariable, runQuery } from '../../api/queries';
import { useTarget } from '../../app/target';
import type { AttributeValue, Item } from '../../model/attribute';
import { plural } from '../../model/format';
import { addHistory, loadHistory, saveHistory } from '../../model/history';
import { shapeOf } from '../../model/partiql/explain';
import { countParameters } from '../../model/partiql/lexer';
import { findVariables } from '../../model/variables';

interface Options {
  variables: QueryVariable[];
  values: Record<string, string>;
  parameters: () => AttributeValue[];
  consistent: boolean;
}

interface State {
  items?: Item[];
  error?: unknown;
  warnings: string[];
  missing: string[];
  log: { ok: boolean; text: string }[];
  nextPage?: unknown;
  serverMs?: number;
  roundTripMs?: number;
  units?: number;
}

interface Page {
  items: Item[];
  next?: unknown;
  serverMs?: number;
  roundTripMs?: number;
  units?: number;
  warnings: string[];
}

class MissingVariables extends Error {
  constructor(readonly names: string[]) {
    super(`These variables need a value: ${names.join(', ')}.`);
  }
}

const EMPTY: State = { warnings: [], missing: [], log: [] };

export function useStatement(place: string) {
  const { target, connectionName } = useTarget();
  const [state, setState] = useState<State>(EMPTY);
  const [busy, setBusy] = useState(false);
  const [history, setHistory] = useState(() => loadHistory(localStorage, place));
  const [attributes, setAttributes] = useState<Record<string, string[]>>({});
  const abort = useRef<AbortController>();
  const last = useRef<{ statement: string; options: Options }>();

  const page = useCallback(
    async (statement: string, options: Options, from: unknown, signal: AbortSignal): Promise<Page> => {
      const used = findVariables(statement);
      if (used.length > 0 || /\{\{\s*\$/.test(statement)) {
        const variables = options.variables.filter((one) => used.includes(one.name));
        const values = Object.fromEntries(variables.map((one) => [one.name, options.values[one.name] ?? one.default ?? '']).filter(([, value]) => value !== ''));
        const result = await runQuery({ language: 'partiql', body: statement, variables, connection: connectionName }, values, target.region, from, signal);
        if (!result.ok) {
          if (result.missingVariables?.length) throw new MissingVariables(result.missingVariables);
          throw new ServiceError(result.error.type, result.error.message ?? result.error.type, 400, result.requestId ?? '', 'ExecuteStatement');
        }
        return { items: result.items ?? [], next: result.nextPage, serverMs: result.serverMs, roundTripMs: result.roundTripMs, units: result.consumedCapacity?.CapacityUnits, warnings: result.warnings ?? [] };
      }
      const parameters = countParameters(statement) ? options.parameters() : undefined;
      const { output, serverMs, roundTripMs } = await call(
        target,
        'ExecuteStatement',
        {
          Statement: statement,
          ...(parameters ? { Parameters: parameters } : {}),
          ...(options.consistent && shapeOf(statement)?.verb === 'SELECT' ? { ConsistentRead: true } : {}),
          ...(from ? { NextToken: from } : {}),
          ReturnConsumedCapacity: 'TOTAL',
        },
        signal,
      );
      return { items: output.Items ?? [], next: output.NextToken, serverMs, roundTripMs, units: output.ConsumedCapacity?.CapacityUnits, warnings: [] };
    },
    [target, connectionName],
  );

  const run = useCallback(
    async (statements: string[], options: Options) => {
      abort.current?.abort();
      const controller = new AbortController();
      abort.current = controller;
      setBusy(true);
      let now: State = EMPTY;
      for (const statement of statements) {
        const started = Date.now();
        try {
          const result = await page(statement, options, undefined, controller.signal);
          last.current = { statement, options };
          now = { ...now, ...result, items: result.items, nextPage: result.next, warnings: result.warnings, log: [...now.log, { ok: true, text: `${short(statement)}: ${plural(result.items.length, 'item')}` }] };
          learn(statement, result.items);
          remember({ statement, at: started, ok: true, ms: result.serverMs ?? Date.now() - started, count: result.items.length });
        } catch (error) {
          if (controller.signal.aborted) break;
          now = { ...now, error, missing: error instanceof MissingVariables ? error.names : [], log: [...now.log, { ok: false, text: `${short(statement)}: ${(error as Error).message}` }] };
          remember({ statement, at: started, ok: false });
          break;
        }
      }
      setState(now);
      setBusy(false);

      function remember(entry: Parameters<typeof addHistory>[1]) {
        setHistory((entries) => {
          const next = addHistory(entries, entry);
          saveHistory(localStorage, place, next);
          return next;
        });
      }
      function learn(statement: string, items: Item[]) {
        const table = shapeOf(statement)?.table;
        if (!table) return;
        const seen = new Set(items.slice(0, 50).flatMap((item) => Object.keys(item)));
        setAttributes((known) => ({ ...known, [table]: [...new Set([...(known[table] ?? []), ...seen])] }));
      }
    },
    [page, place],
  );

  const more = useCallback(async () => {
    if (!last.current || state.nextPage === undefined) return;
    const controller = new AbortController();
    abort.current = controller;
    setBusy(true);
    try {
      const result = await page(last.current.statement, last.current.options, state.nextPage, controller.signal);
      setState((now) => ({ ...now, ...result, items: [...(now.items ?? []), ...result.items], nextPage: result.next, units: (now.units ?? 0) + (result.units ?? 0) }));
    } catch (error) {
      if (!controller.signal.aborted) setState((now) => ({ ...now, error }));
    }
    setBusy(false);
  }, [page, state.nextPage]);

  const cancel = useCallback(() => {
    abort.current?.abort();
    setBusy(false);
  }, []);

  return { ...state, busy, history, attributes, run, more: () => void more(), cancel };
}

const short = (statement: string) => (statement.length > 60 ? `${statement.slice(0, 60)}…` : statement);
