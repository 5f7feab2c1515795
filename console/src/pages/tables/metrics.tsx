import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { TableLoad } from '../../api/server';
import type { TableDescription } from '../../api/types';
import { useMetrics } from '../../app/metrics';
import { useTarget } from '../../app/target';
import { ErrorAlert } from '../../components/error-alert';
import { TimeChart } from '../../components/time-chart';
import { formatCompact, formatCount, formatUnits } from '../../model/format';

// What this table was asked for while this page is open, and in the last quarter of an hour.
export function TableMetrics({ table }: { table: TableDescription }) {
  const { region } = useTarget();
  const navigate = useNavigate();
  const { data, error } = useMetrics(900);
  const load = data?.tables.find((one) => one.name === table.TableName && one.region === region);
  const history = useHistory(load, data?.intervalSeconds ?? 5);
  return (
    <SpaceBetween size="m">
      <ErrorAlert error={error} header="No measurements" />
      <Container header={<Header variant="h2" description="In the last 15 minutes." actions={<Button onClick={() => navigate('/')}>All of the server</Button>}>Load</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'Requests', value: formatCount(load?.requests ?? 0) },
            { label: 'Read units', value: formatUnits(load?.readUnits ?? 0) },
            { label: 'Write units', value: formatUnits(load?.writeUnits ?? 0) },
            { label: 'Throttled', value: formatCount(load?.throttles ?? 0) },
          ]}
        />
      </Container>
      <Container header={<Header variant="h2" description="While this page is open.">Requests in the last 15 minutes, live</Header>}>
        {history.times.length > 1 ? (
          <TimeChart label={`Requests to ${table.TableName}`} times={history.times} format={formatCompact} series={[{ label: 'Requests', color: '#3b82f6', values: history.values, fill: true }]} />
        ) : (
          <Box color="text-body-secondary" padding="l" textAlign="center">
            The first measurements come in within ten seconds.
          </Box>
        )}
      </Container>
    </SpaceBetween>
  );
}

function useHistory(load: TableLoad | undefined, intervalSeconds: number) {
  const [history, setHistory] = useState<{ times: number[]; values: number[] }>({ times: [], values: [] });
  const requests = load?.requests ?? 0;
  useEffect(() => {
    const record = () =>
      setHistory((now) => ({ times: [...now.times, Date.now()].slice(-300), values: [...now.values, requests].slice(-300) }));
    record();
    const timer = setInterval(record, intervalSeconds * 1000);
    return () => clearInterval(timer);
  }, [requests, intervalSeconds]);
  return history;
}
