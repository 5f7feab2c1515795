// What a table and its global indexes may be asked for, in units per second.
import type { TableDescription } from '../api/types';

export interface GivenCapacity {
  onDemand: boolean;
  readUnits?: number; // undefined: no limit, or one that some index does not have.
  writeUnits?: number;
}

export function givenCapacity(table: TableDescription): GivenCapacity {
  const onDemand = table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
  const all = [table, ...(table.GlobalSecondaryIndexes ?? [])];
  const sum = (values: (number | undefined)[]) => (values.every((one) => one !== undefined && one > 0) ? values.reduce<number>((a, b) => a + b!, 0) : undefined);
  if (onDemand) {
    return { onDemand, readUnits: sum(all.map((one) => one.OnDemandThroughput?.MaxReadRequestUnits)), writeUnits: sum(all.map((one) => one.OnDemandThroughput?.MaxWriteRequestUnits)) };
  }
  return { onDemand, readUnits: sum(all.map((one) => one.ProvisionedThroughput?.ReadCapacityUnits)), writeUnits: sum(all.map((one) => one.ProvisionedThroughput?.WriteCapacityUnits)) };
}
