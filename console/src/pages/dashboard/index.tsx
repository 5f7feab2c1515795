import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ReactNode, useState } from 'react';
import { useHealth, useMetrics } from '../../app/metrics';
import { useSession } from '../../app/session';
import { useTarget } from '../../app/target';
import { ErrorAlert } from '../../components/error-alert';
import { Page } from '../../components/page';
import { Charts } from './charts';
import { Connect } from './connect';
import { Figures } from './figures';
import { Health } from './health';
import { HottestTables, Operations, Regions } from './tables';

const SPANS = [
  { id: '300', text: '5 min' },
  { id: '900', text: '15 min' },
  { id: '3600', text: '1 hour' },
];

export default function Dashboard() {
  const { info } = useSession();
  const { connectionName } = useTarget();
  const [seconds, setSeconds] = useState('900');
  const metrics = useMetrics(Number(seconds));
  const health = useHealth();
  return (
    <Page
      title="Dashboard"
      description={`${info.product} ${info.version}${info.dev ? ', development mode' : ''}. Data: ${info.engine}.`}
      actions={<SegmentedControl label="Time span" selectedId={seconds} options={SPANS} onChange={({ detail }) => setSeconds(detail.selectedId)} />}
    >
      <SpaceBetween size="m">
        {connectionName && <Alert type="info">This page shows the server that runs the console. The other pages work on the connection {connectionName}.</Alert>}
        <ErrorAlert error={metrics.error} header="No measurements" />
        <Figures metrics={metrics.data} />
        <Charts metrics={metrics.data} />
        <Grid gridDefinition={[{ colspan: { default: 12, s: 7 } }, { colspan: { default: 12, s: 5 } }]}>
          <SpaceBetween size="m">
            <HottestTables metrics={metrics.data} />
            <Operations metrics={metrics.data} />
          </SpaceBetween>
          <SpaceBetween size="m">
            <Health items={health.data} error={health.error} />
            <Regions />
          </SpaceBetween>
        </Grid>
        <Connect />
      </SpaceBetween>
    </Page>
  );
}

export function Panel({ title, description, children }: { title: string; description?: string; children: ReactNode }) {
  return <Container header={<Header variant="h2" description={description}>{title}</Header>}>{children}</Container>;
}

export function Stat({ label, value, hint }: { label: string; value: string; hint?: string }) {
  return (
    <div title={hint}>
      <Box variant="awsui-key-label">{label}</Box>
      <div className="stat">{value}</div>
    </div>
  );
}

export function Stats({ children }: { children: ReactNode }) {
  return (
    <ColumnLayout columns={4} variant="text-grid" minColumnWidth={120}>
      {children}
    </ColumnLayout>
  );
}
