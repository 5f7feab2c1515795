import type { AttributeValue, Item } from '../model/attribute';
import { request } from './http';
import type { ConsumedCapacity } from './types';

export interface QueryVariable {
  name: string;
  type: 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'L' | 'M' | 'SS' | 'NS' | 'BS' | 'name';
  default?: string;
  required: boolean;
  allowed?: string[];
}

export interface QueryDraft {
  name?: string;
  folder?: string;
  description?: string;
  connection?: string;
  language: 'json' | 'partiql';
  operation?: string;
  body: unknown;
  variables: QueryVariable[];
  valueFormat?: 'dynamodb' | 'plain';
  shared?: boolean;
}

export interface SavedQuery extends QueryDraft {
  id: string;
  name: string;
  owner: string;
  shared: boolean;
  updatedAt: string | number;
}

export type VariableValues = Record<string, string | AttributeValue | string[]>;

export type RunResult =
  | {
      ok: true;
      items?: Item[];
      output: Record<string, unknown>;
      count?: number;
      scannedCount?: number;
      consumedCapacity?: ConsumedCapacity;
      nextPage?: unknown;
      serverMs?: number;
      roundTripMs?: number;
      requestId: string;
      warnings: string[];
    }
  | { ok: false; error: { type: string; message?: string }; missingVariables?: string[]; requestId?: string };

export const CODE_LANGUAGES = [
  { id: 'cli', label: 'AWS CLI' },
  { id: 'python', label: 'Python (boto3)' },
  { id: 'javascript', label: 'JavaScript (SDK v3)' },
  { id: 'java', label: 'Java (SDK v2)' },
  { id: 'go', label: 'Go (SDK v2)' },
  { id: 'curl', label: 'curl' },
] as const;

export const listQueries = async (connection?: string) =>
  (await request<{ queries: SavedQuery[] }>('GET', `queries${connection ? `?connection=${encodeURIComponent(connection)}` : ''}`)).queries;
export const createQuery = (query: QueryDraft) => request<SavedQuery>('POST', 'queries', query);
export const updateQuery = (id: string, query: QueryDraft) => request<SavedQuery>('PUT', `queries/${encodeURIComponent(id)}`, query);
export const deleteQuery = (id: string) => request<void>('DELETE', `queries/${encodeURIComponent(id)}`);

export const runQuery = (query: QueryDraft, variables: VariableValues, region: string | undefined, page: unknown, signal?: AbortSignal) =>
  request<RunResult>('POST', 'queries/run', { query, variables, region, page }, signal);

export const queryCode = async (query: QueryDraft, language: string, variables: VariableValues = {}) =>
  (await request<{ code: string }>('POST', 'queries/code', { query, language, variables })).code;
