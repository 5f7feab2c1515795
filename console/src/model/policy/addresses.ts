// The addresses a user may come from, kept as an inline policy that denies all others, so that
// `aws iam` shows it too.

export const ADDRESS_POLICY = 'AllowedAddresses';

export function addressPolicy(cidrs: string[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'AllowedAddresses', Effect: 'Deny', Action: '*', Resource: '*', Condition: { NotIpAddress: { 'aws:SourceIp': cidrs } } }],
  });
}

// The networks of such a policy; undefined when somebody made something else of it.
export function policyAddresses(document: string): string[] | undefined {
  try {
    const { Statement: statement } = JSON.parse(document) as { Statement: { Condition?: { NotIpAddress?: Record<string, string | string[]> } }[] };
    const found = statement.length === 1 ? statement[0]!.Condition?.NotIpAddress?.['aws:SourceIp'] : undefined;
    return found === undefined ? undefined : Array.isArray(found) ? found : [found];
  } catch {
    return undefined;
  }
}
