import { expect, test } from 'vitest';
import type { MetricPoint, TablePoint } from '../src/api/server';
import type { TableDescription } from '../src/api/types';
import { givenCapacity } from '../src/model/capacity';
import { currentRates, errorCounts, perSecond, recentTableRates, tableTotals } from '../src/model/metrics';

const point = (t: number, more: Partial<MetricPoint> = {}): MetricPoint => ({ t, requests: 0, errors: 0, throttles: 0, readUnits: 0, writeUnits: 0, p50Ms: null, p99Ms: null, ...more });
const use = (requests: number, errors = 0, throttles = 0, units = 0) => ({ requests, errors, throttles, units });
const tablePoint = (t: number, reads = use(0), writes = use(0)): TablePoint => ({ t, reads, writes });

test('a point that came late counts over the time it took', () => {
  expect(perSecond([point(5, { requests: 50 }), point(10, { requests: 50 }), point(60, { requests: 50 })], 5, (one) => one.requests)).toEqual([10, 10, 1]);
});

test('what happens now is the mean of the last samples', () => {
  const points = [point(5, { requests: 1000 }), point(10, { requests: 10, errors: 5 }), point(15, { requests: 20, throttles: 3 }), point(20)];
  const rates = currentRates({ intervalSeconds: 5, points, tables: [], now: {} });
  expect(rates).toMatchObject({ requests: 2, errors: 5 / 30, throttles: 0.2 });
});

test('errors are summed by name, the most frequent first', () => {
  const points = [point(5, { errorNames: { ValidationException: 1 } }), point(10, { errorNames: { ValidationException: 1, ConditionalCheckFailedException: 3 } })];
  expect(errorCounts(points)).toEqual([
    { name: 'ConditionalCheckFailedException', count: 3 },
    { name: 'ValidationException', count: 2 },
  ]);
});

test('a table has totals and rates of reads and writes', () => {
  const points = [tablePoint(5, use(5, 1, 0, 2.5)), tablePoint(10, use(0), use(10, 2, 2, 20))];
  expect(tableTotals(points)).toEqual({ reads: use(5, 1, 0, 2.5), writes: use(10, 2, 2, 20) });
  expect(recentTableRates({ intervalSeconds: 5, points })).toEqual({ requests: 1.5, throttles: 0.2, readUnits: 0.25, writeUnits: 2 });
});

test('the capacity given is that of the table and its global indexes', () => {
  const index = (read: number) => ({ IndexName: 'i', KeySchema: [], ProvisionedThroughput: { ReadCapacityUnits: read, WriteCapacityUnits: 1 } });
  const table: TableDescription = { TableName: 't', TableStatus: 'ACTIVE', ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 2 }, GlobalSecondaryIndexes: [index(7)] };
  expect(givenCapacity(table)).toEqual({ onDemand: false, readUnits: 12, writeUnits: 3 });
  const onDemand: TableDescription = { ...table, BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' }, OnDemandThroughput: { MaxReadRequestUnits: 9 }, GlobalSecondaryIndexes: [] };
  expect(givenCapacity(onDemand)).toEqual({ onDemand: true, readUnits: 9, writeUnits: undefined });
});
