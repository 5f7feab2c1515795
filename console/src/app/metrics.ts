import { useQuery } from '@tanstack/react-query';
import { getHealth, getMetrics } from '../api/server';

// Measurements of the last `seconds`, asked again as often as the server takes them.
export function useMetrics(seconds: number) {
  return useQuery({ queryKey: ['metrics', seconds], queryFn: () => getMetrics(seconds), refetchInterval: 5000, placeholderData: (previous) => previous });
}

export function useHealth() {
  return useQuery({ queryKey: ['health'], queryFn: getHealth, refetchInterval: 15_000 });
}
