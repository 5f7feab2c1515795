// One typed door to every DynamoDB and Streams call, of this server or of a saved connection.
import type { Item } from '../model/attribute';
import { request } from './http';
import type {
  ConsumedCapacity,
  ReadOutput,
  Shard,
  StatementOutput,
  StreamRecord,
  StreamSpecification,
  TableDescription,
  Tag,
} from './types';

// Where calls go: a saved connection, or this server as the signed-in principal.
export interface Target {
  connection?: string;
  region?: string;
}

export interface Answer<Output> {
  output: Output;
  requestId: string;
  serverMs?: number;
  roundTripMs?: number;
}

// An error DynamoDB (or what speaks like it) answered.
export class ServiceError extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly status: number,
    readonly requestId: string,
    readonly operation: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

type Reply<Output> =
  | { ok: true; output: Output; requestId: string; serverMs?: number; roundTripMs?: number }
  | { ok: false; status: number; requestId: string; error: { type: string; message?: string } & Record<string, unknown> };

// Outputs of the operations the console calls; one that is missing here cannot be called.
export interface Operations {
  ListTables: { TableNames: string[]; LastEvaluatedTableName?: string };
  DescribeTable: { Table: TableDescription };
  CreateTable: { TableDescription: TableDescription };
  UpdateTable: { TableDescription: TableDescription };
  DeleteTable: { TableDescription: TableDescription };
  DescribeTimeToLive: { TimeToLiveDescription: { TimeToLiveStatus?: string; AttributeName?: string } };
  UpdateTimeToLive: { TimeToLiveSpecification: { Enabled: boolean; AttributeName: string } };
  ListTagsOfResource: { Tags?: Tag[]; NextToken?: string };
  TagResource: Record<string, never>;
  UntagResource: Record<string, never>;
  Scan: ReadOutput;
  Query: ReadOutput;
  GetItem: { Item?: Item; ConsumedCapacity?: ConsumedCapacity };
  PutItem: { Attributes?: Item; ConsumedCapacity?: ConsumedCapacity };
  UpdateItem: { Attributes?: Item; ConsumedCapacity?: ConsumedCapacity };
  DeleteItem: { Attributes?: Item; ConsumedCapacity?: ConsumedCapacity };
  BatchWriteItem: { UnprocessedItems?: Record<string, WriteRequest[]>; ConsumedCapacity?: ConsumedCapacity[] };
  TransactWriteItems: { ConsumedCapacity?: ConsumedCapacity[] };
  ExecuteStatement: StatementOutput;
  BatchExecuteStatement: { Responses?: { TableName?: string; Item?: Item; Error?: { Code: string; Message: string } }[] };
  ExecuteTransaction: { Responses?: { Item?: Item }[] };
  ListStreams: { Streams?: { StreamArn: string; TableName: string; StreamLabel: string }[]; LastEvaluatedStreamArn?: string };
  DescribeStream: {
    StreamDescription: {
      StreamArn: string;
      StreamStatus: string;
      StreamViewType: string;
      TableName: string;
      Shards?: Shard[];
      LastEvaluatedShardId?: string;
    };
  };
  GetShardIterator: { ShardIterator?: string };
  GetRecords: { Records: StreamRecord[]; NextShardIterator?: string };
}

export type WriteRequest = { PutRequest: { Item: Item } } | { DeleteRequest: { Key: Item } };
export type { StreamSpecification };

const STREAMS = new Set(['ListStreams', 'DescribeStream', 'GetShardIterator', 'GetRecords']);

export async function call<Name extends keyof Operations>(
  target: Target,
  operation: Name,
  input: object,
  signal?: AbortSignal,
): Promise<Answer<Operations[Name]>> {
  const reply = await request<Reply<Operations[Name]>>(
    'POST',
    'call',
    { ...target, service: STREAMS.has(operation) ? 'streams' : 'dynamodb', operation, input },
    signal,
  );
  if (reply.ok) return reply;
  const { type, message, ...details } = reply.error;
  throw new ServiceError(type.replace(/^.*#/, ''), message ?? type, reply.status, reply.requestId, operation, details);
}

export async function listTables(target: Target, signal?: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  let start: string | undefined;
  do {
    const { output } = await call(target, 'ListTables', { Limit: 100, ExclusiveStartTableName: start }, signal);
    names.push(...output.TableNames);
    start = output.LastEvaluatedTableName;
  } while (start);
  return names;
}

export async function describeTable(target: Target, table: string, signal?: AbortSignal): Promise<TableDescription> {
  return (await call(target, 'DescribeTable', { TableName: table }, signal)).output.Table;
}

// The sum of units in a reply, whatever it was broken down by.
export function capacityUnits(consumed: ConsumedCapacity | ConsumedCapacity[] | undefined): number | undefined {
  if (!consumed) return undefined;
  if (Array.isArray(consumed)) return consumed.reduce((sum, one) => sum + (one.CapacityUnits ?? 0), 0);
  return consumed.CapacityUnits;
}

// What an endpoint says to a call it does not know.
export function isUnknownOperation(error: unknown): boolean {
  return (
    error instanceof ServiceError &&
    (error.status === 404 ||
      error.status === 501 ||
      /UnknownOperation|NotImplemented|InvalidAction|InvalidSignatureVersion/.test(error.type) ||
      /unknown operation|not (yet )?(supported|implemented)/i.test(error.message))
  );
}
