import type { AttributeValue, Item } from '../model/attribute';
import { JsonObject, isObject, parseJson, toPlainObject, writeJson } from '../model/json';
import { request, requestText } from './http';
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
  body: string; // The statement, or the request as JSON text with all digits of its numbers.
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

// The server writes the body of a request as an object.
function fromJson<Query extends QueryDraft>({ body, ...rest }: JsonObject): Query {
  return { ...(toPlainObject(rest) as Query), body: typeof body === 'string' ? body : writeJson(body ?? null) };
}

function toJson({ body, ...rest }: QueryDraft): JsonObject {
  return { ...(parseJson(JSON.stringify(rest)) as JsonObject), body: rest.language === 'json' ? parseJson(body) : body };
}

const read = (text: string) => fromJson<SavedQuery>(parseJson(text) as JsonObject);

export async function listQueries(connection?: string): Promise<SavedQuery[]> {
  const text = await requestText('GET', `queries${connection ? `?connection=${encodeURIComponent(connection)}` : ''}`);
  return ((parseJson(text) as JsonObject).queries as JsonObject[]).map((one) => fromJson<SavedQuery>(one));
}
export const createQuery = async (query: QueryDraft) => read(await requestText('POST', 'queries', query));
export const updateQuery = async (id: string, query: QueryDraft) => read(await requestText('PUT', `queries/${encodeURIComponent(id)}`, query));
export const deleteQuery = (id: string) => request<void>('DELETE', `queries/${encodeURIComponent(id)}`);

// Queries as a file, and back. Throws on a file that holds something else.
export const writeQueries = (queries: QueryDraft[]) => writeJson(queries.map(toJson));
export function readQueries(text: string): QueryDraft[] {
  const list = parseJson(text);
  if (!Array.isArray(list) || !list.every((one): one is JsonObject => isObject(one) && 'body' in one)) throw new Error('The file holds no list of queries.');
  return list.map((one) => fromJson<QueryDraft>(one));
}

export const runQuery = (query: QueryDraft, variables: VariableValues, region: string | undefined, page: unknown, signal?: AbortSignal) =>
  request<RunResult>('POST', 'queries/run', { query, variables, region, page }, signal);

export const queryCode = async (query: QueryDraft, language: string, region: string | undefined, variables: VariableValues) =>
  (await request<{ code: string }>('POST', 'queries/code', { query, language, region, variables })).code;
