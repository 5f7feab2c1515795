import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { HealthItem } from '../../api/server';
import { ErrorAlert } from '../../components/error-alert';
import { PageLink } from '../../components/link';
import { Panel } from '.';

export function Health({ items, error }: { items?: HealthItem[]; error: unknown }) {
  return (
    <Panel title="Needs attention">
      <SpaceBetween size="s">
        <ErrorAlert error={error} header="The state is unknown" />
        {items?.length === 0 && <StatusIndicator>Everything is in order</StatusIndicator>}
        {items?.map((item, index) => (
          <div key={index}>
            <StatusIndicator type={item.severity}>{item.title}</StatusIndicator>
            <Box color="text-body-secondary">{item.detail}</Box>
            {item.link?.startsWith('/console/') && <PageLink to={item.link.replace(/^\/console/, '')}>Look at it</PageLink>}
          </div>
        ))}
      </SpaceBetween>
    </Panel>
  );
}
