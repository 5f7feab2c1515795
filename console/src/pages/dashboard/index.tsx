import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ReactNode, useState } from 'react';
import { useHealth, useMetrics } from '../../app/metrics';
import { useSession } from '../../app/session';
import { useTarget } from '../../app/target';
import { ErrorAlert } from '../../components/error-alert';
import { Page } from '../../components/page';
import { TimeSpan } from '../../components/time-span';
import { Charts } from './charts';
import { Connect } from './connect';
import { Figures } from './figures';
import { Health } from './health';
import { Errors, HottestTables, Operations, Regions } from './tables';

export default function Dashboard() {
  const { info } = useSession();
  const { connectionName } = useTarget();
  const [seconds, setSeconds] = useState(900);
  const metrics = useMetrics(seconds);
  const health = useHealth();
  return (
    <Page
      title="Dashboard"
      description={`${info.product} ${info.version}${info.dev ? ', development mode' : ''}. Data: ${info.engine}.`}
      actions={<TimeSpan seconds={seconds} onChange={setSeconds} />}
    >
      <SpaceBetween size="m">
        {connectionName && <Alert type="info">This page shows the server that runs the console. The other pages work on the connection {connectionName}.</Alert>}
        <ErrorAlert error={metrics.error} header="No measurements" />
        <Figures metrics={metrics.data} />
        <Health items={health.data} error={health.error} />
        <Charts metrics={metrics.data} />
        <HottestTables metrics={metrics.data} seconds={seconds} />
        <Grid gridDefinition={[{ colspan: { default: 12, s: 6 } }, { colspan: { default: 12, s: 6 } }]}>
          <Operations metrics={metrics.data} />
          <SpaceBetween size="m">
            <Errors metrics={metrics.data} />
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
