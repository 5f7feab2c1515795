// What the signed-in principal may do, asked before a button is offered. Questions asked in the
// same moment go out as one request.
import { useQuery } from '@tanstack/react-query';
import type { Connection } from '../api/connections';
import { PermissionCheck, PermissionResult, checkPermissions } from '../api/session';
import { useSession } from './session';
import { useTarget } from './target';

export interface Allowed {
  allowed: boolean;
  reason?: string;
  asking?: boolean; // The answer is not there yet.
}

const YES: Allowed = { allowed: true };
const READS = /:(Describe|List|Get|Query|Scan|BatchGet|ConditionCheck|PartiQLSelect|Simulate)/;
const ITEM_WRITES = /:(PutItem|UpdateItem|DeleteItem|BatchWriteItem|PartiQL)/;

// What a connection itself forbids, before its endpoint is asked. The server says the same (connector/call_rules.h).
function refusedByConnection(connection: Connection, action: string): string | undefined {
  if (READS.test(action)) return undefined;
  if (connection.readOnly) return `The connection ${connection.name} is read-only.`;
  if (connection.userRole === 'viewer') return `The connection ${connection.name} is for viewers, who may only read.`;
  if (connection.userRole === 'editor' && !ITEM_WRITES.test(action)) {
    return `The connection ${connection.name} is for editors, who may read and write items.`;
  }
  return undefined;
}

interface Waiting {
  check: PermissionCheck;
  resolve: (result: PermissionResult) => void;
  reject: (error: unknown) => void;
}

let waiting: Waiting[] = [];

function ask(check: PermissionCheck): Promise<PermissionResult> {
  return new Promise((resolve, reject) => {
    waiting.push({ check, resolve, reject });
    if (waiting.length === 1) setTimeout(() => void flush(), 5);
  });
}

async function flush(): Promise<void> {
  const batch = waiting;
  waiting = [];
  try {
    const { results } = await checkPermissions(batch.map((one) => one.check));
    batch.forEach((one, index) => one.resolve(results[index] ?? YES));
  } catch (error) {
    batch.forEach((one) => one.reject(error));
  }
}

// Whether `action` on `resource` will go through. Until the answer is there, and when the question
// itself fails, the answer is yes: the server decides anyway.
export function useAllowed(action: string, resource: string): Allowed {
  const { session } = useSession();
  const { connection, connectionName } = useTarget();
  const local = !connectionName || action.startsWith('iam:');
  const enabled = local && session.principal.kind !== 'root';
  const { data, isPending } = useQuery({
    queryKey: ['permission', session.principal.arn, action, resource],
    queryFn: () => ask({ action, resource }),
    enabled,
    staleTime: 30_000,
  });
  if (!local) {
    const reason = connection && refusedByConnection(connection, action);
    return reason ? { allowed: false, reason } : YES;
  }
  if (data && !data.allowed) return { allowed: false, reason: data.reason || `You may not perform ${action}.` };
  return enabled && isPending ? { allowed: true, asking: true } : YES;
}

// ARNs of this server's resources, for permission checks.
export function useArns() {
  const { session } = useSession();
  const { region } = useTarget();
  const account = session.principal.accountId;
  return {
    table: (name: string) => `arn:aws:dynamodb:${region}:${account}:table/${name}`,
    iam: (rest: string) => `arn:aws:iam::${account}:${rest}`,
    account,
    region,
  };
}
