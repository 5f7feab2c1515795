import ColumnLayout from '@cloudscape-design/components/column-layout';
import { useMemo } from 'react';
import { MetricPoint, Metrics, pointTimeMs } from '../../api/server';
import { TimeChart } from '../../components/time-chart';
import { formatCompact, formatMs } from '../../model/format';
import { Panel } from '.';

const BLUE = '#3b82f6';
const ORANGE = '#e07b00';
const RED = '#d13212';
const GREEN = '#1d8f5a';

export function Charts({ metrics }: { metrics?: Metrics }) {
  const { times, column } = useMemo(() => {
    const points = metrics?.points ?? [];
    return {
      times: points.map(pointTimeMs),
      column: (of: (point: MetricPoint) => number | null) => points.map(of),
    };
  }, [metrics]);
  const interval = metrics?.intervalSeconds ?? 5;
  const perSecond = (of: (point: MetricPoint) => number) => column((point) => of(point) / interval);
  return (
    <ColumnLayout columns={2} minColumnWidth={320}>
      <Panel title="Throughput">
        <TimeChart
          label="Requests per second"
          times={times}
          format={formatCompact}
          series={[{ label: 'Requests/s', color: BLUE, values: perSecond((point) => point.requests), fill: true }]}
        />
      </Panel>
      <Panel title="Latency">
        <TimeChart
          label="Latency in the server"
          times={times}
          format={formatMs}
          series={[
            { label: 'Median', color: GREEN, values: column((point) => (point.requests ? point.p50Ms : null)) },
            { label: '99%', color: ORANGE, values: column((point) => (point.requests ? point.p99Ms : null)) },
          ]}
        />
      </Panel>
      <Panel title="Capacity consumed">
        <TimeChart
          label="Capacity units per second"
          times={times}
          format={formatCompact}
          series={[
            { label: 'Read units/s', color: BLUE, values: perSecond((point) => point.readUnits) },
            { label: 'Write units/s', color: ORANGE, values: perSecond((point) => point.writeUnits) },
          ]}
        />
      </Panel>
      <Panel title="Errors and throttles">
        <TimeChart
          label="Errors and throttled requests per second"
          times={times}
          format={formatCompact}
          series={[
            { label: 'Errors/s', color: RED, values: perSecond((point) => point.errors) },
            { label: 'Throttled/s', color: ORANGE, values: perSecond((point) => point.throttles) },
          ]}
        />
      </Panel>
    </ColumnLayout>
  );
}
