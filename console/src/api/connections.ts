import { request } from './http';

export type ConnectionRole = 'viewer' | 'editor' | 'admin';

export interface Connection {
  name: string;
  endpoint?: string;
  region: string;
  accessKeyId: string;
  secretAccessKey?: string; // Write only: absent means "keep the saved one".
  secretSet?: boolean;
  sessionToken?: string;
  sessionTokenSet?: boolean;
  roleArn?: string;
  externalId?: string;
  roleSessionName?: string;
  durationSeconds?: number;
  stsEndpoint?: string;
  userRole: ConnectionRole;
  options: Record<string, string>;
  allowedIps: string[];
  tableFilter?: string[];
  readOnly: boolean;
  environment?: 'development' | 'staging' | 'production';
  color?: string;
}

export interface TestStep {
  id: string;
  title: string;
  status: 'passed' | 'warning' | 'failed' | 'skipped';
  ms?: number;
  detail?: string;
  remedy?: string;
}

export interface TestResult {
  ok: boolean;
  summary: string;
  steps: TestStep[];
}

export interface ConnectionOption {
  key: string;
  kind: string;
  values?: string[];
  default?: string | number | boolean;
  help: string;
}

const path = (name: string) => `connections/${encodeURIComponent(name)}`;

export const listConnections = async () => (await request<{ connections: Connection[] }>('GET', 'connections')).connections;
export const getConnection = (name: string) => request<Connection>('GET', path(name));
export const createConnection = (connection: Connection) => request<Connection>('POST', 'connections', connection);
export const updateConnection = (name: string, connection: Connection) => request<Connection>('PUT', path(name), connection);
export const deleteConnection = (name: string) => request<void>('DELETE', path(name));
// `savedAs`: whose secrets are meant where the form has none.
export const testConnection = (connection: Connection, savedAs?: string) =>
  request<TestResult>('POST', 'connections/test', { connection, savedAs });
export const testSaved = (name: string) => request<TestResult>('POST', `${path(name)}/test`, {});
export const connectionOptions = async () =>
  (await request<{ options: ConnectionOption[] }>('GET', 'connection-options')).options;
