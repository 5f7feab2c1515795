import { useQuery } from '@tanstack/react-query';
import { getHealth, getMetrics, getTableMetrics } from '../api/server';

// Measurements of the last `seconds`, asked again as often as the server takes them.
export function useMetrics(seconds: number) {
  return useQuery({ queryKey: ['metrics', seconds], queryFn: () => getMetrics(seconds), refetchInterval: 5000, placeholderData: (previous) => previous });
}

// The same of one table of this server.
export function useTableMetrics(table: string, region: string, seconds: number) {
  return useQuery({
    queryKey: ['table-metrics', region, table, seconds],
    queryFn: () => getTableMetrics(table, region, seconds),
    refetchInterval: 5000,
    placeholderData: (previous, query) => (query?.queryKey[2] === table && query.queryKey[1] === region ? previous : undefined),
  });
}

export function useHealth() {
  return useQuery({ queryKey: ['health'], queryFn: getHealth, refetchInterval: 5000 });
}
