import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router-dom';
import { getRegions, Metrics } from '../../api/server';
import { useOpenTable } from '../../app/open-table';
import { useTarget } from '../../app/target';
import { Empty } from '../../components/empty';
import { spanText } from '../../components/time-span';
import { formatCount, formatMs, formatUnits } from '../../model/format';
import { errorCounts, operationLoads } from '../../model/metrics';

export function HottestTables({ metrics, seconds }: { metrics?: Metrics; seconds: number }) {
  const openTable = useOpenTable();
  const rows = (metrics?.tables ?? []).slice(0, 10);
  return (
    <Table
      variant="container"
      wrapLines
      header={<Header variant="h2" description={`By requests in the last ${spanText(seconds)}.`}>Hottest tables</Header>}
      items={rows}
      loading={!metrics}
      loadingText="Loading"
      trackBy={(row) => `${row.region}/${row.name}`}
      empty={<Empty title="No requests to any table">What your applications ask for shows up here.</Empty>}
      columnDefinitions={[
        {
          id: 'name',
          header: 'Table',
          isRowHeader: true,
          minWidth: 180,
          cell: (row) => (row.exists ? <Button variant="inline-link" onClick={() => openTable(row, 'metrics')}>{row.name}</Button> : `${row.name} (deleted)`),
        },
        { id: 'requests', header: 'Requests', minWidth: 100, cell: (row) => formatCount(row.requests) },
        { id: 'read', header: 'Read units', minWidth: 100, cell: (row) => formatUnits(row.readUnits) },
        { id: 'write', header: 'Write units', minWidth: 100, cell: (row) => formatUnits(row.writeUnits) },
        { id: 'errors', header: 'Errors', minWidth: 90, cell: (row) => formatCount(row.errors) },
        { id: 'throttles', header: 'Throttled', minWidth: 100, cell: (row) => (row.throttles ? <StatusIndicator type="warning">{formatCount(row.throttles)}</StatusIndicator> : '0') },
        { id: 'region', header: 'Region', minWidth: 120, cell: (row) => row.region },
      ]}
    />
  );
}

// What requests were answered with, by the name clients see.
export function Errors({ metrics }: { metrics?: Metrics }) {
  const rows = errorCounts(metrics?.points ?? []).slice(0, 10);
  return (
    <Table
      variant="container"
      wrapLines
      header={<Header variant="h2">Errors</Header>}
      items={rows}
      trackBy="name"
      empty={<Empty title="No errors" />}
      columnDefinitions={[
        { id: 'name', header: 'Answered with', isRowHeader: true, cell: (row) => row.name },
        { id: 'count', header: 'Requests', cell: (row) => formatCount(row.count) },
      ]}
    />
  );
}

export function Operations({ metrics }: { metrics?: Metrics }) {
  const rows = operationLoads(metrics?.points ?? []).slice(0, 10);
  return (
    <Table
      variant="container"
      header={<Header variant="h2" description="Time in the server.">Operations</Header>}
      items={rows}
      trackBy="name"
      empty={<Empty title="No requests" />}
      columnDefinitions={[
        { id: 'name', header: 'Operation', isRowHeader: true, cell: (row) => row.name },
        { id: 'requests', header: 'Requests', cell: (row) => formatCount(row.requests) },
        { id: 'p50', header: 'Median', cell: (row) => formatMs(row.p50Ms) },
        { id: 'p99', header: 'Worst 99%', cell: (row) => formatMs(row.p99Ms) },
      ]}
    />
  );
}

export function Regions() {
  const { region: present, connectionName, setRegion, setConnection } = useTarget();
  const navigate = useNavigate();
  const { data: regions = [], isLoading } = useQuery({ queryKey: ['regions'], queryFn: getRegions, refetchInterval: 15_000 });
  return (
    <Table
      variant="container"
      header={<Header variant="h2">Regions with tables</Header>}
      items={regions}
      loading={isLoading}
      trackBy="region"
      empty={<Empty title="No tables anywhere" action={<Button onClick={() => navigate('/tables/new')}>Create table</Button>} />}
      columnDefinitions={[
        {
          id: 'region',
          header: 'Region',
          isRowHeader: true,
          cell: (row) => (
            <Button
              variant="inline-link"
              onClick={() => {
                setConnection(undefined);
                setRegion(row.region);
                navigate('/tables');
              }}
            >
              {row.region + (row.region === present && !connectionName ? ' (here)' : '')}
            </Button>
          ),
        },
        { id: 'tables', header: 'Tables', cell: (row) => formatCount(row.tables) },
      ]}
    />
  );
}
