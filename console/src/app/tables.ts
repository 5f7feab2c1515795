// What is known of the tables at the present target, shared by all pages.
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { call, describeTable, listTables } from '../api/dynamodb';
import type { TableDescription } from '../api/types';
import { useTarget } from './target';

const place = (target: { connection?: string; region?: string }) => [target.connection ?? '', target.region ?? ''];

export function useTableNames() {
  const { target } = useTarget();
  return useQuery({ queryKey: ['tables', ...place(target)], queryFn: ({ signal }) => listTables(target, signal) });
}

const MOVING = new Set(['CREATING', 'UPDATING', 'DELETING']);

export function isMoving(table: TableDescription): boolean {
  return MOVING.has(table.TableStatus) || (table.GlobalSecondaryIndexes ?? []).some((index) => MOVING.has(index.IndexStatus ?? ''));
}

// A table that is changing is asked again every second, others when they are looked at.
export function useTable(name: string | undefined) {
  const { target } = useTarget();
  return useQuery({
    queryKey: ['table', ...place(target), name],
    queryFn: ({ signal }) => describeTable(target, name!, signal),
    enabled: !!name,
    refetchInterval: (query) => (query.state.data && isMoving(query.state.data) ? 1000 : false),
  });
}

export function useTableDescriptions(names: string[]) {
  const { target } = useTarget();
  return useQueries({
    queries: names.map((name) => ({
      queryKey: ['table', ...place(target), name],
      queryFn: ({ signal }: { signal: AbortSignal }) => describeTable(target, name, signal),
      staleTime: 15_000,
      refetchInterval: (query: { state: { data?: TableDescription; error: unknown } }) =>
        query.state.data && !query.state.error && isMoving(query.state.data) ? 1000 : (false as const),
    })),
  });
}

export function useTtl(name: string) {
  const { target } = useTarget();
  return useQuery({
    queryKey: ['ttl', ...place(target), name],
    queryFn: async () => (await call(target, 'DescribeTimeToLive', { TableName: name })).output.TimeToLiveDescription,
    retry: false,
  });
}

export function useRefreshTables() {
  const client = useQueryClient();
  return (name?: string) => {
    void client.invalidateQueries({ queryKey: ['tables'] });
    void client.invalidateQueries({ queryKey: ['regions'] });
    void client.invalidateQueries({ queryKey: ['streams'] });
    if (name) {
      void client.invalidateQueries({ queryKey: ['table'], predicate: (query) => query.queryKey[3] === name });
      void client.invalidateQueries({ queryKey: ['ttl'], predicate: (query) => query.queryKey[3] === name });
      void client.invalidateQueries({ queryKey: ['tags'] });
    } else {
      void client.invalidateQueries({ queryKey: ['table'] });
    }
  };
}
