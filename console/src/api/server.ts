// The server's own state: regions, measurements, health, the allow-list.
import { request } from './http';

export interface MetricPoint {
  t: number; // Epoch seconds.
  requests: number;
  errors: number;
  throttles: number;
  readUnits: number;
  writeUnits: number;
  p50Ms: number | null;
  p99Ms: number | null;
  operations?: Record<string, { requests: number; p50Ms: number | null; p99Ms: number | null }>;
  errorNames?: Record<string, number>;
}

export interface TableLoad {
  region: string;
  name: string;
  requests: number;
  errors: number;
  throttles: number;
  readUnits: number;
  writeUnits: number;
  exists: boolean;
}

export interface TableUse {
  requests: number;
  errors: number;
  throttles: number;
  units: number;
}

export interface TablePoint {
  t: number; // Epoch seconds.
  reads: TableUse;
  writes: TableUse;
}

export interface TableMetricsReply {
  intervalSeconds: number;
  points: TablePoint[];
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
  table?: { region: string; name: string };
}

export const pointTimeMs = (point: { t: number }) => point.t * 1000;

export const getRegions = async () => (await request<{ regions: { region: string; tables: number }[] }>('GET', 'regions')).regions;
export const getMetrics = (seconds: number) => request<Metrics>('GET', `metrics?seconds=${seconds}`);
export const getTableMetrics = (table: string, region: string, seconds: number) =>
  request<TableMetricsReply>('GET', `metrics/${encodeURIComponent(table)}?region=${encodeURIComponent(region)}&seconds=${seconds}`);
export const getHealth = async () => (await request<{ items: HealthItem[] }>('GET', 'health')).items;

export interface AllowList {
  cidrs: string[];
  peerAddress: string;
  loopbackAlways: boolean;
}

export const getAllowList = () => request<AllowList>('GET', 'allow-list');
export const putAllowList = (cidrs: string[]) => request<AllowList>('PUT', 'allow-list', { cidrs });
