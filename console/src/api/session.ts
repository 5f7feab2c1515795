import { request, setCsrfToken } from './http';

export interface ServerInfo {
  product: string;
  version: string;
  region: string;
  accountId: string;
  endpoint: string;
  dev: boolean;
  secure: boolean;
  peerAddress: string;
  engine: string;
}

export interface Session {
  principal: { arn: string; accountId: string; kind: 'root' | 'user' | 'session'; name: string; userId: string };
  consoleRole: 'viewer' | 'editor' | 'admin';
  csrfToken: string;
  expiresAt: string | number;
  region: string;
}

export type Credentials =
  | { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  | { userName: string; password: string }
  | Record<string, never>;

export const getInfo = () => request<ServerInfo>('GET', 'info');

export async function signIn(credentials: Credentials): Promise<Session> {
  return remember(await request<Session>('POST', 'session', credentials));
}

export async function currentSession(): Promise<Session> {
  return remember(await request<Session>('GET', 'session'));
}

export const signOut = () => request<void>('DELETE', 'session');

function remember(session: Session): Session {
  setCsrfToken(session.csrfToken);
  return session;
}

export interface PermissionCheck {
  action: string;
  resource: string;
}

export interface PermissionResult {
  allowed: boolean;
  reason?: string;
}

export const checkPermissions = (checks: PermissionCheck[]) =>
  request<{ results: PermissionResult[] }>('POST', 'permissions', { checks });
