import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useCollection } from '@cloudscape-design/collection-hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { ServiceError } from '../../api/dynamodb';
import { getRegions } from '../../api/server';
import type { TableDescription } from '../../api/types';
import { useArns } from '../../app/permissions';
import { useRefreshTables, useTableDescriptions, useTableNames } from '../../app/tables';
import { useTarget } from '../../app/target';
import { AllowedButton } from '../../components/allowed-button';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { PageLink } from '../../components/link';
import { useTitle } from '../../components/page';
import { Status } from '../../components/status';
import { formatBytes, formatCount, formatDate, formatTime, plural } from '../../model/format';
import { describeKey, keyAttributes } from '../../model/schema';
import { DeleteTable } from './delete-table';

interface Row {
  name: string;
  table?: TableDescription;
  error?: unknown;
}

export default function Tables() {
  useTitle('Tables');
  const navigate = useNavigate();
  const arns = useArns();
  const refresh = useRefreshTables();
  const names = useTableNames();
  const descriptions = useTableDescriptions(names.data ?? []);
  const [selected, setSelected] = useState<Row[]>([]);
  const [deleting, setDeleting] = useState<string>();

  const rows = useMemo<Row[]>(
    () => (names.data ?? []).map((name, index) => ({ name, table: descriptions[index]?.data, error: descriptions[index]?.error })),
    [names.data, descriptions],
  );
  // One that was being deleted and is not found any more is gone: the names are asked for again.
  const gone = rows.filter((row) => row.error && row.table?.TableStatus === 'DELETING').map((row) => row.name).join();
  useEffect(() => {
    if (gone) refresh();
    // eslint-disable-next-line
  }, [gone]);
  const { items, collectionProps, filterProps, filteredItemsCount, paginationProps } = useCollection(rows, {
    filtering: {
      filteringFunction: (row, text) => row.name.toLowerCase().includes(text.toLowerCase()),
      empty: <NoTables />,
      noMatch: <Empty title="No table by that name" />,
    },
    pagination: { pageSize: 50 },
    sorting: { defaultState: { sortingColumn: { sortingField: 'name' } } },
  });
  const chosen = selected[0] && rows.find((row) => row.name === selected[0]!.name);

  return (
    <SpaceBetween size="m">
      <ErrorAlert error={names.error} header="The tables could not be listed" onRetry={() => refresh()} />
      <Table
        {...collectionProps}
        variant="full-page"
        stickyHeader
        selectionType="single"
        selectedItems={chosen ? [chosen] : []}
        onSelectionChange={({ detail }) => setSelected(detail.selectedItems)}
        trackBy="name"
        items={items}
        loading={names.isLoading}
        loadingText="Loading tables"
        ariaLabels={{ tableLabel: 'Tables', selectionGroupLabel: 'Select a table', itemSelectionLabel: (_, row) => row.name }}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={names.data ? `(${formatCount(names.data.length)})` : undefined}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel="Refresh" onClick={() => refresh()} />
                <Button disabled={!chosen} onClick={() => navigate(`/explore/${encodeURIComponent(chosen!.name)}`)}>
                  Explore items
                </Button>
                <AllowedButton
                  action="dynamodb:DeleteTable"
                  resource={arns.table(chosen?.name ?? '*')}
                  disabled={!chosen}
                  onClick={() => setDeleting(chosen!.name)}
                >
                  Delete
                </AllowedButton>
                <AllowedButton variant="primary" action="dynamodb:CreateTable" resource={arns.table('*')} onClick={() => navigate('/tables/new')}>
                  Create table
                </AllowedButton>
              </SpaceBetween>
            }
          >
            Tables
          </Header>
        }
        filter={
          <TextFilter
            {...filterProps}
            filteringPlaceholder="Find tables"
            filteringAriaLabel="Find tables"
            countText={plural(filteredItemsCount ?? 0, 'match', 'matches')}
          />
        }
        pagination={rows.length > 50 ? <Pagination {...paginationProps} /> : undefined}
        columnDefinitions={[
          { id: 'name', header: 'Name', sortingField: 'name', isRowHeader: true, cell: (row) => <span title={row.name}><PageLink to={`/tables/${encodeURIComponent(row.name)}`}>{row.name}</PageLink></span>, minWidth: 160, maxWidth: 320 },
          {
            id: 'status',
            header: 'Status',
            cell: (row) => (row.error && row.table?.TableStatus !== 'DELETING' ? <Unknown error={row.error} /> : <Status value={row.table?.TableStatus} />),
            sortingComparator: (a, b) => compare(a.table?.TableStatus, b.table?.TableStatus),
          },
          { id: 'key', header: 'Key', cell: (row) => row.table && ['HASH', 'RANGE'].map((half) => describeKey(keyAttributes(row.table!.KeySchema ?? [], row.table!, half as 'HASH' | 'RANGE'))).filter(Boolean).join(', ') },
          {
            id: 'indexes',
            header: 'Indexes',
            cell: (row) => row.table && formatCount(indexCount(row.table)),
            sortingComparator: (a, b) => (a.table ? indexCount(a.table) : 0) - (b.table ? indexCount(b.table) : 0),
          },
          { id: 'items', header: 'Items', cell: (row) => formatCount(row.table?.ItemCount), sortingComparator: (a, b) => (a.table?.ItemCount ?? 0) - (b.table?.ItemCount ?? 0) },
          { id: 'size', header: 'Size', cell: (row) => formatBytes(row.table?.TableSizeBytes), sortingComparator: (a, b) => (a.table?.TableSizeBytes ?? 0) - (b.table?.TableSizeBytes ?? 0) },
          { id: 'billing', header: 'Capacity', cell: (row) => row.table && (row.table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST' ? 'On-demand' : 'Provisioned') },
          { id: 'stream', header: 'Stream', cell: (row) => row.table && (row.table.StreamSpecification?.StreamEnabled ? 'On' : 'Off') },
          { id: 'created', header: 'Created', cell: (row) => <span title={formatTime(row.table?.CreationDateTime)}>{formatDate(row.table?.CreationDateTime)}</span>, sortingComparator: (a, b) => (a.table?.CreationDateTime ?? 0) - (b.table?.CreationDateTime ?? 0) },
        ]}
      />
      {deleting && <DeleteTable name={deleting} onClose={() => setDeleting(undefined)} />}
    </SpaceBetween>
  );
}

// A row has no room for more than the kind of problem; the rest is a pointer's rest away.
function Unknown({ error }: { error: unknown }) {
  const denied = error instanceof ServiceError && error.type.startsWith('AccessDenied');
  return (
    <span title={(error as Error).message}>
      <StatusIndicator type={denied ? 'info' : 'error'}>{denied ? 'Not yours to see' : 'Unknown'}</StatusIndicator>
    </span>
  );
}

const compare = (a = '', b = '') => (a < b ? -1 : a > b ? 1 : 0);
const indexCount = (table: TableDescription) => (table.LocalSecondaryIndexes?.length ?? 0) + (table.GlobalSecondaryIndexes?.length ?? 0);

// An empty region is often the wrong region: says where there are tables.
function NoTables() {
  const { region, connectionName, setRegion } = useTarget();
  const navigate = useNavigate();
  const { data: regions = [] } = useQuery({ queryKey: ['regions'], queryFn: getRegions, enabled: !connectionName });
  const others = connectionName ? [] : regions.filter((one) => one.region !== region && one.tables > 0);
  return (
    <Empty title={`No tables in ${region || 'this region'}`} action={<Button onClick={() => navigate('/tables/new')}>Create table</Button>}>
      {others.length > 0 && (
        <>
          There are tables in{' '}
          {others.map((one, index) => (
            <span key={one.region}>
              {index > 0 && ', '}
              <Button variant="inline-link" onClick={() => setRegion(one.region)}>
                {one.region} ({formatCount(one.tables)})
              </Button>
            </span>
          ))}
          .
        </>
      )}
    </Empty>
  );
}
