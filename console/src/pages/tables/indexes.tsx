import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Modal from '@cloudscape-design/components/modal';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { call } from '../../api/dynamodb';
import type { IndexDescription, TableDescription } from '../../api/types';
import { useNotify } from '../../app/notify';
import { useArns } from '../../app/permissions';
import { useRefreshTables } from '../../app/tables';
import { useTarget } from '../../app/target';
import { AllowedButton } from '../../components/allowed-button';
import { Confirm } from '../../components/confirm';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { useFirstField } from '../../components/first-field';
import { Status } from '../../components/status';
import { formatBytes, formatCount, plural } from '../../model/format';
import { describeKey, keyAttributes } from '../../model/schema';
import { IndexForm, indexDefinition, newIndexForm, newTableForm, tableErrors } from '../../model/table-form';
import { IndexEditor } from './index-editor';

interface Row {
  index: IndexDescription;
  kind: 'Local' | 'Global';
}

export function Indexes({ table }: { table: TableDescription }) {
  const { target } = useTarget();
  const arns = useArns();
  const notify = useNotify();
  const refresh = useRefreshTables();
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<string>();
  const rows: Row[] = [
    ...(table.LocalSecondaryIndexes ?? []).map((index) => ({ index, kind: 'Local' as const })),
    ...(table.GlobalSecondaryIndexes ?? []).map((index) => ({ index, kind: 'Global' as const })),
  ];
  const key = (row: Row, half: 'HASH' | 'RANGE') => describeKey(keyAttributes(row.index.KeySchema, table, half)) || '–';
  return (
    <>
      <Table
        items={rows}
        trackBy={(row) => row.index.IndexName}
        wrapLines
        empty={<Empty title="No indexes">A global index makes another attribute a key to query by.</Empty>}
        header={
          <Header
            variant="h2"
            counter={`(${rows.length})`}
            actions={
              <AllowedButton action="dynamodb:UpdateTable" resource={arns.table(table.TableName)} onClick={() => setCreating(true)}>
                Create global index
              </AllowedButton>
            }
          >
            Indexes
          </Header>
        }
        columnDefinitions={[
          { id: 'name', header: 'Name', isRowHeader: true, cell: (row) => row.index.IndexName },
          { id: 'kind', header: 'Kind', cell: (row) => row.kind },
          {
            id: 'status',
            header: 'Status',
            cell: (row) =>
              row.kind === 'Local' ? <Status value="ACTIVE" /> : row.index.Backfilling ? <Backfill index={row.index} table={table} /> : <Status value={row.index.IndexStatus} />,
          },
          { id: 'partition', header: 'Partition key', cell: (row) => key(row, 'HASH') },
          { id: 'sort', header: 'Sort key', cell: (row) => key(row, 'RANGE') },
          { id: 'projection', header: 'Projection', cell: projection },
          { id: 'items', header: 'Items', cell: (row) => formatCount(row.index.ItemCount) },
          { id: 'size', header: 'Size', cell: (row) => formatBytes(row.index.IndexSizeBytes) },
          {
            id: 'actions',
            header: <span className="visually-hidden">Actions</span>,
            cell: (row) =>
              row.kind === 'Global' && (
                <AllowedButton variant="inline-link" action="dynamodb:UpdateTable" resource={arns.table(table.TableName)} ariaLabel={`Delete ${row.index.IndexName}`} onClick={() => setDeleting(row.index.IndexName)}>
                  Delete
                </AllowedButton>
              ),
          },
        ]}
      />
      {creating && <CreateIndex table={table} onClose={() => setCreating(false)} />}
      {deleting && (
        <Confirm
          title={`Delete index ${deleting}?`}
          action="Delete index"
          typed={deleting}
          onClose={() => setDeleting(undefined)}
          onConfirm={async () => {
            await call(target, 'UpdateTable', { TableName: table.TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: deleting } }] });
            notify.success(`Index ${deleting} is being deleted.`);
            refresh(table.TableName);
          }}
        >
          Queries of this index fail from now on. The items of the table stay.
        </Confirm>
      )}
    </>
  );
}

// A sparse index holds fewer items than its table, so this is an estimate from below.
function Backfill({ index, table }: { index: IndexDescription; table: TableDescription }) {
  if (!table.ItemCount) return <Status value="CREATING" detail="filling" />;
  const percent = Math.min(100, Math.floor((100 * (index.ItemCount ?? 0)) / table.ItemCount));
  return <ProgressBar value={percent} label="Creating" ariaLabel={`Filling ${index.IndexName}`} additionalInfo={`About ${formatCount(index.ItemCount)} of ${plural(table.ItemCount, 'item')}`} />;
}

function projection({ index }: Row): string {
  const { ProjectionType: type, NonKeyAttributes: names } = index.Projection ?? {};
  if (type === 'INCLUDE') return `Keys and ${(names ?? []).join(', ')}`;
  return type === 'KEYS_ONLY' ? 'Keys only' : 'All attributes';
}

function CreateIndex({ table, onClose }: { table: TableDescription; onClose: () => void }) {
  const { target } = useTarget();
  const notify = useNotify();
  const refresh = useRefreshTables();
  const fields = useFirstField<HTMLDivElement>();
  const [index, setIndex] = useState<IndexForm>(() => newIndexForm('gsi'));
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const provisioned = table.BillingModeSummary?.BillingMode !== 'PAY_PER_REQUEST';
  const [partition] = keyAttributes(table.KeySchema ?? [], table, 'HASH');
  const form = {
    ...newTableForm(),
    name: table.TableName,
    partition: partition ?? { name: 'p', type: 'S' as const },
    billing: provisioned ? ('PROVISIONED' as const) : ('PAY_PER_REQUEST' as const),
    indexes: [index],
  };
  const errors = tableErrors(form);
  const taken = [...(table.LocalSecondaryIndexes ?? []), ...(table.GlobalSecondaryIndexes ?? [])].some((one) => one.IndexName === index.name);
  if (taken) errors['indexes.0.name'] = 'Another index has this name.';
  // An attribute that is a key somewhere keeps its type.
  for (const [which, keys] of [['partition', index.partition], ['sort', index.sort]] as const) {
    keys.forEach((one, at) => {
      const known = table.AttributeDefinitions?.find((definition) => definition.AttributeName === one.name);
      if (known && known.AttributeType !== one.type) errors[`indexes.0.${which}.${at}`] = `"${one.name}" is ${known.AttributeType} elsewhere; an attribute has one type.`;
    });
  }

  const create = async () => {
    setTried(true);
    if (Object.keys(errors).length || busy) return;
    setBusy(true);
    setError(undefined);
    const definitions = new Map((table.AttributeDefinitions ?? []).map((one) => [one.AttributeName, one.AttributeType]));
    for (const one of [...index.partition, ...index.sort]) definitions.set(one.name, one.type);
    try {
      await call(target, 'UpdateTable', {
        TableName: table.TableName,
        AttributeDefinitions: [...definitions].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
        GlobalSecondaryIndexUpdates: [{ Create: indexDefinition(index, form.partition, provisioned) }],
      });
      notify.success(`Index ${index.name} is being built.`);
      refresh(table.TableName);
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      size="large"
      onDismiss={onClose}
      header="Create global index"
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="primary" loading={busy} onClick={() => void create()}>
              Create index
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <ErrorAlert error={error} />
        <div ref={fields}>
          <IndexEditor index={index} table={form} provisioned={provisioned} error={(part) => (tried ? errors[`indexes.0.${part}`] : undefined)} onChange={setIndex} />
        </div>
      </SpaceBetween>
    </Modal>
  );
}
