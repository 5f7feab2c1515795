// What DynamoDB answers, as far as the console reads it. Source: API Reference, "Data Types".
import type { AttributeValue, Item } from '../model/attribute';

export interface KeySchemaElement {
  AttributeName: string;
  KeyType: 'HASH' | 'RANGE';
}

export interface Throughput {
  ReadCapacityUnits?: number;
  WriteCapacityUnits?: number;
}

export interface IndexDescription {
  IndexName: string;
  KeySchema: KeySchemaElement[];
  Projection?: { ProjectionType?: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'; NonKeyAttributes?: string[] };
  IndexStatus?: string;
  Backfilling?: boolean;
  ItemCount?: number;
  IndexSizeBytes?: number;
  IndexArn?: string;
  OnDemandThroughput?: { MaxReadRequestUnits?: number; MaxWriteRequestUnits?: number };
  ProvisionedThroughput?: Throughput;
}

export interface StreamSpecification {
  StreamEnabled: boolean;
  StreamViewType?: string;
}

export interface TableDescription {
  TableName: string;
  TableStatus: string;
  TableArn?: string;
  TableId?: string;
  KeySchema?: KeySchemaElement[];
  AttributeDefinitions?: { AttributeName: string; AttributeType: 'S' | 'N' | 'B' }[];
  ItemCount?: number;
  TableSizeBytes?: number;
  CreationDateTime?: number;
  BillingModeSummary?: { BillingMode?: string };
  ProvisionedThroughput?: Throughput;
  OnDemandThroughput?: { MaxReadRequestUnits?: number; MaxWriteRequestUnits?: number };
  LocalSecondaryIndexes?: IndexDescription[];
  GlobalSecondaryIndexes?: IndexDescription[];
  StreamSpecification?: StreamSpecification;
  LatestStreamArn?: string;
  LatestStreamLabel?: string;
  TableClassSummary?: { TableClass?: string };
  DeletionProtectionEnabled?: boolean;
  SSEDescription?: { Status?: string; SSEType?: string };
}

export interface ConsumedCapacity {
  TableName?: string;
  CapacityUnits?: number;
  ReadCapacityUnits?: number;
  WriteCapacityUnits?: number;
  Table?: { CapacityUnits?: number };
  LocalSecondaryIndexes?: Record<string, { CapacityUnits?: number }>;
  GlobalSecondaryIndexes?: Record<string, { CapacityUnits?: number }>;
}

export interface ReadOutput {
  Items?: Item[];
  Count?: number;
  ScannedCount?: number;
  LastEvaluatedKey?: Item;
  ConsumedCapacity?: ConsumedCapacity;
}

export interface StatementOutput {
  Items?: Item[];
  NextToken?: string;
  LastEvaluatedKey?: Item;
  ConsumedCapacity?: ConsumedCapacity;
}

export interface Tag {
  Key: string;
  Value: string;
}

export interface Shard {
  ShardId: string;
  ParentShardId?: string;
  SequenceNumberRange?: { StartingSequenceNumber?: string; EndingSequenceNumber?: string };
}

export interface StreamRecord {
  eventID: string;
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  userIdentity?: { Type?: string; PrincipalId?: string };
  dynamodb: {
    ApproximateCreationDateTime?: number;
    Keys: Item;
    NewImage?: Item;
    OldImage?: Item;
    SequenceNumber: string;
    SizeBytes?: number;
    StreamViewType?: string;
  };
}

export type Expressions = {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
};
