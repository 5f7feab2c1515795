// What is wrong with a connection as it is typed. Mistakes stop it from being saved; warnings do
// not, because local emulators take anything.
import type { Connection, ConnectionOption } from '../api/connections';
import { cidrError } from './cidr';
import { ROLE_ARN } from './policy/names';

export interface ConnectionFindings {
  errors: Partial<Record<string, string>>;
  warnings: Partial<Record<string, string>>;
}

export function emptyConnection(region: string): Connection {
  return { name: '', region, accessKeyId: '', userRole: 'editor', options: {}, allowedIps: [], readOnly: false, environment: 'development' };
}

export function checkConnection(connection: Connection, known: ConnectionOption[], taken: string[], secretKept: boolean): ConnectionFindings {
  const errors: ConnectionFindings['errors'] = {};
  const warnings: ConnectionFindings['warnings'] = {};
  const { name, endpoint, stsEndpoint } = connection;
  if (!name.trim()) errors.name = 'A name is missing.';
  else if (name.length > 64) errors.name = 'At most 64 characters.';
  else if (taken.includes(name)) errors.name = 'Another connection has this name.';
  for (const [field, value] of [['endpoint', endpoint], ['stsEndpoint', stsEndpoint]] as const) {
    const problem = value ? urlError(value) : undefined;
    if (problem) errors[field] = problem;
  }
  if (!/^[a-z0-9-]{2,32}$/.test(connection.region)) errors.region = 'Small letters, digits and hyphens, 2 to 32 of them.';
  if (!connection.accessKeyId.trim()) errors.accessKeyId = 'The access key is missing.';
  else if (!/^\w{16,128}$/.test(connection.accessKeyId.trim())) warnings.accessKeyId = 'AWS keys have 16 to 128 letters and digits; local emulators may take this one.';
  else if (/^ASIA/.test(connection.accessKeyId) && !connection.sessionToken && !connection.sessionTokenSet) warnings.sessionToken = 'A key that begins with ASIA needs its session token.';
  if (!connection.secretAccessKey && !secretKept) errors.secretAccessKey = 'The secret key is missing.';
  else if (/[\s\p{Cc}]/u.test((connection.secretAccessKey ?? '').trim())) errors.secretAccessKey = 'A secret key has no blanks.';
  if (connection.roleArn && !ROLE_ARN.test(connection.roleArn)) errors.roleArn = 'Write it as arn:aws:iam::123456789012:role/RoleName.';
  if (connection.externalId && !/^[\w+=,.@:/-]{2,1224}$/.test(connection.externalId)) errors.externalId = '2 to 1224 letters, digits and + = , . @ : / -.';
  if (connection.roleSessionName && !/^[\w+=,.@-]{2,64}$/.test(connection.roleSessionName)) errors.roleSessionName = '2 to 64 letters, digits and + = , . @ -.';
  const duration = connection.durationSeconds;
  if (duration !== undefined && !(duration >= 900 && duration <= 43200)) errors.durationSeconds = '900 to 43200 seconds.';
  for (const [key, value] of Object.entries(connection.options)) {
    const problem = optionError(key, value, known);
    if (problem) errors[`options.${key}`] = problem;
  }
  const bad = connection.allowedIps.map(cidrError).find((problem) => problem);
  if (bad) errors.allowedIps = bad;
  return { errors, warnings };
}

function urlError(text: string): string | undefined {
  try {
    const { protocol } = new URL(text);
    return protocol === 'http:' || protocol === 'https:' ? undefined : 'It begins with http:// or https://.';
  } catch {
    return 'Write it as http://host:port.';
  }
}

export function optionError(key: string, value: string, known: ConnectionOption[]): string | undefined {
  if (known.length === 0 || /^headers\..+/.test(key)) return undefined;
  const option = known.find((one) => one.key === key);
  if (!option) return `${key || 'An empty name'} is no connection option. There are: ${known.map((one) => one.key).join(', ')}.`;
  if (option.values && option.values.length && !option.values.includes(value)) return `${key} is one of ${option.values.join(', ')}.`;
  if (/^(milliseconds|integer)$/.test(option.kind) && !/^\d+$/.test(value)) return `${key} is a whole number.`;
  if (option.kind === 'boolean' && value !== 'true' && value !== 'false') return `${key} is true or false.`;
  return undefined;
}

// What is sent: no empty texts, no flags that only the server sets.
export function connectionToSend(connection: Connection): Connection {
  const { secretSet: _secret, sessionTokenSet: _token, ...rest } = connection;
  const kept = Object.entries(rest).filter(([, value]) => value !== '' && value !== undefined);
  return { ...(Object.fromEntries(kept) as unknown as Connection), name: connection.name.trim(), accessKeyId: connection.accessKeyId.trim(), ...(connection.secretAccessKey ? { secretAccessKey: connection.secretAccessKey.trim() } : {}) };
}
