// Which parts of the API an endpoint answers; pages it knows nothing of are not shown.
import { useQuery } from '@tanstack/react-query';
import { call, isUnknownOperation, Target } from '../api/dynamodb';
import { useTarget } from './target';

export interface Dialect {
  streams: boolean;
  partiql: boolean;
  ttl: boolean;
  tags: boolean;
  transactions: boolean;
}

const EVERYTHING: Dialect = { streams: true, partiql: true, ttl: true, tags: true, transactions: true };
// A name no table has; an endpoint that knows the call says that the table is missing.
const NOWHERE = 'armature.console.probe';

async function answers(probe: Promise<unknown>): Promise<boolean> {
  try {
    await probe;
    return true;
  } catch (error) {
    return !isUnknownOperation(error);
  }
}

async function probe(target: Target): Promise<Dialect> {
  const key = { p: { S: 'x' } };
  const [streams, partiql, ttl, tags, transactions] = await Promise.all([
    answers(call(target, 'ListStreams', { Limit: 1 })),
    answers(call(target, 'ExecuteStatement', { Statement: `SELECT * FROM "${NOWHERE}" WHERE p = 'x'` })),
    answers(call(target, 'DescribeTimeToLive', { TableName: NOWHERE })),
    answers(call(target, 'ListTagsOfResource', { ResourceArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${NOWHERE}` })),
    answers(call(target, 'TransactWriteItems', { TransactItems: [{ Delete: { TableName: NOWHERE, Key: key } }] })),
  ]);
  return { streams, partiql, ttl, tags, transactions };
}

export function useDialect(): Dialect {
  const { target } = useTarget();
  // This server needs no asking; what it would be asked for counts as errors on its dashboard.
  const { data } = useQuery({ queryKey: ['dialect', target.connection], queryFn: () => probe(target), enabled: !!target.connection, staleTime: 600_000 });
  return data ?? EVERYTHING;
}
