import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router-dom';
import { getRegions, Metrics } from '../../api/server';
import { useTarget } from '../../app/target';
import { Empty } from '../../components/empty';
import { formatCount, formatMs, formatUnits } from '../../model/format';
import { operationLoads } from '../../model/metrics';

export function HottestTables({ metrics }: { metrics?: Metrics }) {
  const navigate = useNavigate();
  const { region, setRegion, setConnection } = useTarget();
  const rows = [...(metrics?.tables ?? [])].sort((a, b) => b.requests - a.requests).slice(0, 10);
  const open = (row: { region: string; name: string }) => {
    setConnection(undefined);
    if (row.region !== region) setRegion(row.region);
    navigate(`/tables/${encodeURIComponent(row.name)}?tab=metrics`);
  };
  return (
    <Table
      variant="container"
      header={<Header variant="h2" description="By requests in the time shown.">Hottest tables</Header>}
      items={rows}
      trackBy={(row) => `${row.region}/${row.name}`}
      empty={<Empty title="No requests to any table">What your applications ask for shows up here.</Empty>}
      columnDefinitions={[
        { id: 'name', header: 'Table', isRowHeader: true, cell: (row) => <Button variant="inline-link" onClick={() => open(row)}>{row.name}</Button> },
        { id: 'region', header: 'Region', cell: (row) => row.region },
        { id: 'requests', header: 'Requests', cell: (row) => formatCount(row.requests) },
        { id: 'read', header: 'Read units', cell: (row) => formatUnits(row.readUnits) },
        { id: 'write', header: 'Write units', cell: (row) => formatUnits(row.writeUnits) },
        { id: 'throttles', header: 'Throttled', cell: (row) => formatCount(row.throttles) },
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
  const { data: regions = [], isLoading } = useQuery({ queryKey: ['regions'], queryFn: getRegions });
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
