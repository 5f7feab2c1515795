// What a denial says of itself. Source: IAM User Guide, "Troubleshoot access denied error messages".

export interface Denial {
  principal: string;
  action: string;
  resource?: string;
  reason: string;
}

export function parseDenial(message: string): Denial | undefined {
  const match = /User: (\S+) is not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+))?[^\S\n]*([^\n]*)/.exec(message);
  return match ? { principal: match[1]!, action: match[2]!, resource: match[3]?.replace(/[.,]$/, ''), reason: match[4]!.trim() } : undefined;
}

// The user or role whose policies apply: a session has those of its role.
export function policyHolder(principal: string): string {
  const session = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(principal);
  return session ? `arn:aws:iam::${session[1]}:role/${session[2]}` : principal;
}

export const COMMON_ACTIONS = [
  'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem', 'ConditionCheckItem', 'PartiQLSelect',
  'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete', 'DescribeTable', 'ListTables', 'CreateTable', 'UpdateTable', 'DeleteTable',
].map((name) => `dynamodb:${name}`);
