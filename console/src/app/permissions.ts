// What the signed-in principal may do, asked before a button is offered. Questions asked in the
// same moment go out as one request.
import { useQuery } from '@tanstack/react-query';
import { PermissionCheck, PermissionResult, checkPermissions } from '../api/session';
import { useSession } from './session';
import { useTarget } from './target';

export interface Allowed {
  allowed: boolean;
  reason?: string;
}

const YES: Allowed = { allowed: true };
const READS = /:(Describe|List|Get|Query|Scan|BatchGet|ConditionCheck|PartiQLSelect|Simulate)/;

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
  const isWrite = !READS.test(action);
  const local = !connectionName || action.startsWith('iam:');
  const { data } = useQuery({
    queryKey: ['permission', session.principal.arn, action, resource],
    queryFn: () => ask({ action, resource }),
    enabled: local && session.principal.kind !== 'root',
    staleTime: 30_000,
  });
  if (connectionName && isWrite && !action.startsWith('iam:')) {
    if (connection?.readOnly) return { allowed: false, reason: `The connection ${connectionName} is read-only.` };
    return YES;
  }
  if (data && !data.allowed) return { allowed: false, reason: data.reason || `You may not perform ${action}.` };
  return YES;
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
