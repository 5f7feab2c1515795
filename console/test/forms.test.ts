import { describe, expect, it } from 'vitest';
import type { ConnectionOption } from '../src/api/connections';
import { checkConnection, connectionToSend, emptyConnection } from '../src/model/connection-form';
import { passwordError } from '../src/model/policy/names';
import { createTableInput, newIndexForm, newTableForm, tableErrors, TableForm } from '../src/model/table-form';

const table = (values: Partial<TableForm>): TableForm => ({ ...newTableForm(), name: 'orders', partition: { name: 'id', type: 'S' }, ...values });

describe('the form of a table', () => {
  it('asks for what its fields say', () => {
    const index = { ...newIndexForm('gsi'), name: 'by-day', partition: [{ name: 'day', type: 'N' as const }], projection: 'INCLUDE' as const, include: 'a, b' };
    const form = table({ indexes: [index], stream: 'NEW_IMAGE', tags: [{ key: 'team', value: 'shop' }] });
    expect(tableErrors(form)).toEqual({});
    expect(createTableInput(form)).toEqual({
      TableName: 'orders',
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'day', AttributeType: 'N' },
      ],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [
        { IndexName: 'by-day', KeySchema: [{ AttributeName: 'day', KeyType: 'HASH' }], Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a', 'b'] } },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      Tags: [{ Key: 'team', Value: 'shop' }],
    });
  });

  it.each<[Partial<TableForm>, string]>([
    [{ name: 'ab' }, 'name'],
    [{ name: 'taken' }, 'name'],
    [{ sort: { name: 'id', type: 'S' } }, 'sort'],
    [{ billing: 'PROVISIONED', readUnits: '0' }, 'readUnits'],
    [{ indexes: [{ ...newIndexForm('lsi'), name: 'local', sort: [{ name: 'x', type: 'S' }] }] }, 'indexes.0.name'],
    [{ indexes: [{ ...newIndexForm('gsi'), name: 'other', partition: [{ name: 'id', type: 'N' }] }] }, 'indexes.0.partition.0'],
    [{ tags: [{ key: 'aws:x', value: '' }] }, 'tags.0'],
  ])('finds fault with %j', (values, field) => {
    expect(Object.keys(tableErrors(table(values), ['taken']))).toContain(field);
  });
});

it.each([
  ['Sh0rt', 'At least 8 characters.'],
  ['only small letters', 'At least three of: small letters, capital letters, digits, symbols.'],
  ['Letters and 1 digit', undefined],
  ["it's 8 or 9", undefined],
])('a password like %s', (password, problem) => {
  expect(passwordError(password)).toBe(problem);
});

describe('the form of a connection', () => {
  const known: ConnectionOption[] = [{ key: 'requestTimeoutMs', kind: 'milliseconds', help: 'How long.' }];
  const good = { ...emptyConnection('us-east-1'), name: 'here', accessKeyId: 'AKIAEXAMPLEEXAMPLE00', secretAccessKey: 'secret' };

  it('takes what is complete', () => {
    expect(checkConnection(good, known, [], false)).toEqual({ errors: {}, warnings: {} });
  });

  it.each([
    [{ endpoint: 'localhost:8000' }, 'endpoint'],
    [{ name: 'taken' }, 'name'],
    [{ region: 'US East' }, 'region'],
    [{ secretAccessKey: '' }, 'secretAccessKey'],
    [{ secretAccessKey: 'two words' }, 'secretAccessKey'],
    [{ roleArn: 'visitor' }, 'roleArn'],
    [{ durationSeconds: 60 }, 'durationSeconds'],
    [{ options: { requestTimeoutMs: 'soon' } }, 'options.requestTimeoutMs'],
    [{ options: { nonsense: '1' } }, 'options.nonsense'],
    [{ allowedIps: ['10.0.0.0/99'] }, 'allowedIps'],
  ])('finds fault with %j', (values, field) => {
    expect(Object.keys(checkConnection({ ...good, ...values }, known, ['taken'], false).errors)).toEqual([field]);
  });

  it('keeps a stored secret by sending none', () => {
    const sent = connectionToSend({ ...good, secretAccessKey: '', secretSet: true, roleArn: '' });
    expect(sent).not.toHaveProperty('secretAccessKey');
    expect(sent).not.toHaveProperty('secretSet');
    expect(sent).not.toHaveProperty('roleArn');
  });
});
