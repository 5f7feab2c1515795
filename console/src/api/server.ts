// The server's own state: regions, measurements, health, the allow-list.
import { request } from './http';

export interface MetricPoint {
  t: number; // Epoch milliseconds or seconds; see pointTimeMs().
  requests: number;
  errors: number;
  throttles: number;
  readUnits: number;
  writeUnits: number;
  p50Ms: number | null;
  p99Ms: number | null;
  operations?: Record<string, { requests: number; p50Ms: number | null; p99Ms: number | null }>;
}

export interface TableLoad {
  region: string;
  name: string;
  requests: number;
  readUnits: number;
  writeUnits: number;
  throttles: number;
}

export interface Metrics {
  intervalSeconds: number;
  points: MetricPoint[];
  tables: TableLoad[];
  now: { uptimeSeconds?: number; connections?: number; residentBytes?: number; storageBytes?: number } & Record<string, number | undefined>;
}

export interface HealthItem {
  severity: 'info' | 'warning' | 'error';
  title: string;
  detail: string;
  link?: string;
}

export const pointTimeMs = (point: MetricPoint) => (point.t < 1e11 ? point.t * 1000 : point.t);

export const getRegions = async () => (await request<{ regions: { region: string; tables: number }[] }>('GET', 'regions')).regions;
export const getMetrics = (seconds: number) => request<Metrics>('GET', `metrics?seconds=${seconds}`);
export const getHealth = async () => (await request<{ items: HealthItem[] }>('GET', 'health')).items;

export interface AllowList {
  cidrs: string[];
  peerAddress: string;
  loopbackAlways: boolean;
}

export const getAllowList = () => request<AllowList>('GET', 'allow-list');
export const putAllowList = (cidrs: string[]) => request<AllowList>('PUT', 'allow-list', { cidrs });
