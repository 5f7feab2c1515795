import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router-dom';
import { useArns } from '../../app/permissions';
import { useTable } from '../../app/tables';
import { useDialect } from '../../app/dialect';
import { useTarget } from '../../app/target';
import { AllowedButton } from '../../components/allowed-button';
import { ErrorAlert } from '../../components/error-alert';
import { Loading } from '../../components/loading';
import { Page } from '../../components/page';
import { Status } from '../../components/status';
import { DeleteTable } from './delete-table';
import { Indexes } from './indexes';
import { TableMetrics } from './metrics';
import { Overview } from './overview';
import { Settings } from './settings';
import { StreamSettings } from './stream-settings';
import { Tags } from './tags';

export default function TableDetail() {
  const { table: name = '' } = useParams();
  const navigate = useNavigate();
  const arns = useArns();
  const dialect = useDialect();
  const { connectionName } = useTarget();
  const { data: table, error, refetch } = useTable(name);
  const [params, setParams] = useSearchParams();
  const [deleting, setDeleting] = useState(false);

  return (
    <Page
      title={name}
      description={table && <Status value={table.TableStatus} />}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <AllowedButton action="dynamodb:DeleteTable" resource={arns.table(name)} disabled={!table} onClick={() => setDeleting(true)}>
            Delete
          </AllowedButton>
          <Button variant="primary" disabled={!table} onClick={() => navigate(`/explore/${encodeURIComponent(name)}`)}>
            Explore items
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="m">
        <ErrorAlert error={error} onRetry={() => void refetch()} />
        {!table && !error && <Loading />}
        {table && (
          <Tabs
            activeTabId={params.get('tab') ?? 'overview'}
            onChange={({ detail }) => setParams({ tab: detail.activeTabId }, { replace: true })}
            tabs={[
              { id: 'overview', label: 'Overview', content: <Overview table={table} /> },
              { id: 'indexes', label: `Indexes (${(table.LocalSecondaryIndexes?.length ?? 0) + (table.GlobalSecondaryIndexes?.length ?? 0)})`, content: <Indexes table={table} /> },
              ...(connectionName ? [] : [{ id: 'metrics', label: 'Metrics', content: <TableMetrics table={table} /> }]),
              { id: 'settings', label: 'Settings', content: <Settings table={table} /> },
              ...(dialect.streams ? [{ id: 'stream', label: 'Stream', content: <StreamSettings table={table} /> }] : []),
              ...(dialect.tags ? [{ id: 'tags', label: 'Tags', content: <Tags table={table} /> }] : []),
            ]}
          />
        )}
      </SpaceBetween>
      {deleting && <DeleteTable name={name} onClose={() => setDeleting(false)} />}
    </Page>
  );
}
