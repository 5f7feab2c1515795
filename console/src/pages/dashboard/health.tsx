import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Link from '@cloudscape-design/components/link';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { HealthItem } from '../../api/server';
import { useOpenTable } from '../../app/open-table';
import { ErrorAlert } from '../../components/error-alert';
import { Panel } from '.';

export function Health({ items, error }: { items?: HealthItem[]; error: unknown }) {
  const openTable = useOpenTable();
  return (
    <Panel title="Needs attention">
      <ErrorAlert error={error} header="The state is unknown" />
      {!items && !error && <StatusIndicator type="loading">Looking</StatusIndicator>}
      {items?.length === 0 && <StatusIndicator>Everything is in order</StatusIndicator>}
      {!!items?.length && (
        <ColumnLayout columns={items.length > 1 ? 2 : 1} minColumnWidth={280}>
          {items.map((item) => (
            <div key={item.title}>
              <StatusIndicator type={item.severity}>{item.title}</StatusIndicator>
              <Box color="text-body-secondary">{item.detail}</Box>
              {item.table && <Button variant="inline-link" onClick={() => openTable(item.table!, 'metrics')}>{`Metrics of ${item.table.name}`}</Button>}
              {item.link && <Link href={item.link} external externalIconAriaLabel="opens in a new tab">All counters</Link>}
            </div>
          ))}
        </ColumnLayout>
      )}
    </Panel>
  );
}
