// Requests to the console's own server side. The session travels in a cookie that scripts cannot
// read; every request that changes something carries the session's token besides.

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly remedy?: string,
  ) {
    super(message);
  }
}

let csrfToken = '';
let onSignedOut: () => void = () => {};

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

// Called when a request finds that the session has ended.
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

const BASE = `${import.meta.env.BASE_URL}api/`;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export async function request<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const text = await requestText(method, path, body, signal);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

// The answer as it came, for those who want every digit of its numbers.
export async function requestText(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<string> {
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      credentials: 'same-origin',
      signal,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(method === 'GET' ? {} : { 'X-CSRF-Token': csrfToken }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'Unreachable', 'The server does not answer.', 'Check that it is running; the page retries by itself.');
  }
  const text = await response.text();
  if (response.ok) return text;
  const error = readError(response, text);
  if (response.status === 401 && error.code === 'NotSignedIn') onSignedOut();
  throw error;
}

function readError(response: Response, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string; remedy?: string } };
    return new ApiError(response.status, error.code, error.message, error.remedy);
  } catch {
    return new ApiError(response.status, `HTTP ${response.status}`, text.slice(0, 500) || response.statusText);
  }
}
