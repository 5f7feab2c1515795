// Figures drawn from the server's samples.
import type { MetricPoint, Metrics, TableMetricsReply, TablePoint, TableUse } from '../api/server';

export interface Rates {
  requests: number; // Per second, over the last samples.
  errors: number; // Share of requests, 0 to 1.
  throttles: number; // Per second.
  readUnits: number;
  writeUnits: number;
  p50Ms?: number;
  p99Ms?: number;
}

// How many seconds each point stands for: a server that was held up takes its measurements late.
export function secondsOf(points: { t: number }[], intervalSeconds: number): number[] {
  return points.map((point, at) => (at === 0 ? intervalSeconds : Math.max(1, point.t - points[at - 1]!.t)));
}

// What `of` counts, per second, at each point.
export function perSecond<P extends { t: number }>(points: P[], intervalSeconds: number, of: (point: P) => number): number[] {
  const seconds = secondsOf(points, intervalSeconds);
  return points.map((point, at) => of(point) / seconds[at]!);
}

// The last points, and how long they took.
function recent<P extends { t: number }>(points: P[], intervalSeconds: number, samples: number) {
  const seconds = secondsOf(points, intervalSeconds).slice(-samples);
  return { points: points.slice(-samples), seconds: Math.max(1, seconds.reduce((a, b) => a + b, 0)) };
}

// The mean of the last `samples` points, which is calmer to look at than the last one alone.
export function currentRates(metrics: Metrics, samples = 3): Rates {
  const { points, seconds } = recent(metrics.points, metrics.intervalSeconds, samples);
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

export interface ErrorCount {
  name: string;
  count: number;
}

export function errorCounts(points: MetricPoint[]): ErrorCount[] {
  const counts = new Map<string, number>();
  for (const point of points) for (const [name, count] of Object.entries(point.errorNames ?? {})) counts.set(name, (counts.get(name) ?? 0) + count);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

// As currentRates(), of one table.
export function recentTableRates(metrics: TableMetricsReply, samples = 3) {
  const { points, seconds } = recent(metrics.points, metrics.intervalSeconds, samples);
  const { reads, writes } = tableTotals(points);
  return {
    requests: (reads.requests + writes.requests) / seconds,
    throttles: (reads.throttles + writes.throttles) / seconds,
    readUnits: reads.units / seconds,
    writeUnits: writes.units / seconds,
  };
}

export interface TableTotals {
  reads: TableUse;
  writes: TableUse;
}

export function tableTotals(points: TablePoint[]): TableTotals {
  const sum = (of: (point: TablePoint) => TableUse) =>
    points.map(of).reduce(
      (a, b) => ({ requests: a.requests + b.requests, errors: a.errors + b.errors, throttles: a.throttles + b.throttles, units: a.units + b.units }),
      { requests: 0, errors: 0, throttles: 0, units: 0 },
    );
  return { reads: sum((point) => point.reads), writes: sum((point) => point.writes) };
}
