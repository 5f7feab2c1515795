// Figures drawn from the server's samples.
import type { MetricPoint, Metrics } from '../api/server';

export interface Rates {
  requests: number; // Per second, over the last samples.
  errors: number; // Share of requests, 0 to 1.
  throttles: number; // Per second.
  readUnits: number;
  writeUnits: number;
  p50Ms?: number;
  p99Ms?: number;
}

// The mean of the last `samples` points, which is calmer to look at than the last one alone.
export function currentRates(metrics: Metrics, samples = 3): Rates {
  const points = metrics.points.slice(-samples);
  const seconds = Math.max(1, points.length * metrics.intervalSeconds);
  const sum = (of: (point: MetricPoint) => number) => points.reduce((total, point) => total + of(point), 0);
  const requests = sum((point) => point.requests);
  const latest = [...points].reverse().find((point) => point.requests > 0);
  return {
    requests: requests / seconds,
    errors: requests ? sum((point) => point.errors) / requests : 0,
    throttles: sum((point) => point.throttles) / seconds,
    readUnits: sum((point) => point.readUnits) / seconds,
    writeUnits: sum((point) => point.writeUnits) / seconds,
    p50Ms: latest?.p50Ms ?? undefined,
    p99Ms: latest?.p99Ms ?? undefined,
  };
}

export interface OperationLoad {
  name: string;
  requests: number;
  p50Ms?: number;
  p99Ms?: number; // The worst sample.
}

export function operationLoads(points: MetricPoint[]): OperationLoad[] {
  const loads = new Map<string, { requests: number; weighted: number; worst: number }>();
  for (const point of points) {
    for (const [name, one] of Object.entries(point.operations ?? {})) {
      const load = loads.get(name) ?? { requests: 0, weighted: 0, worst: 0 };
      load.requests += one.requests;
      load.weighted += one.requests * (one.p50Ms ?? 0);
      load.worst = Math.max(load.worst, one.p99Ms ?? 0);
      loads.set(name, load);
    }
  }
  return [...loads]
    .filter(([, load]) => load.requests > 0)
    .map(([name, load]) => ({ name, requests: load.requests, p50Ms: load.weighted / load.requests, p99Ms: load.worst }))
    .sort((a, b) => b.requests - a.requests);
}
