import ColumnLayout from '@cloudscape-design/components/column-layout';
import { useMemo } from 'react';
import { MetricPoint, Metrics, pointTimeMs } from '../../api/server';
import { COLORS, TimeChart } from '../../components/time-chart';
import { formatMs, formatRate } from '../../model/format';
import { perSecond } from '../../model/metrics';
import { Panel } from '.';

export function Charts({ metrics }: { metrics?: Metrics }) {
  const { times, column } = useMemo(() => {
    const points = metrics?.points ?? [];
    return {
      times: points.map(pointTimeMs),
      column: (of: (point: MetricPoint) => number | null) => points.map(of),
    };
  }, [metrics]);
  const interval = metrics?.intervalSeconds ?? 5;
  const rate = (of: (point: MetricPoint) => number) => perSecond(metrics?.points ?? [], interval, of);
  return (
    <ColumnLayout columns={2} minColumnWidth={320}>
      <Panel title="Throughput" description="Requests per second">
        <TimeChart
          label="Requests per second"
          times={times}
          format={formatRate}
          series={[{ label: 'Requests/s', color: COLORS.blue, values: rate((point) => point.requests), fill: true }]}
        />
      </Panel>
      <Panel title="Latency" description="Time in the server">
        <TimeChart
          label="Latency in the server"
          times={times}
          format={formatMs}
          series={[
            { label: 'Median', color: COLORS.green, values: column((point) => (point.requests ? point.p50Ms : null)) },
            { label: '99%', color: COLORS.orange, values: column((point) => (point.requests ? point.p99Ms : null)) },
          ]}
        />
      </Panel>
      <Panel title="Capacity consumed" description="Units per second">
        <TimeChart
          label="Capacity units per second"
          times={times}
          format={formatRate}
          series={[
            { label: 'Read units/s', color: COLORS.blue, values: rate((point) => point.readUnits) },
            { label: 'Write units/s', color: COLORS.orange, values: rate((point) => point.writeUnits) },
          ]}
        />
      </Panel>
      <Panel title="Errors and throttles" description="Per second; a throttled request is an error too">
        <TimeChart
          label="Errors and throttled requests per second"
          times={times}
          format={formatRate}
          series={[
            { label: 'Errors/s', color: COLORS.red, values: rate((point) => point.errors) },
            { label: 'Throttled/s', color: COLORS.orange, values: rate((point) => point.throttles) },
          ]}
        />
      </Panel>
    </ColumnLayout>
  );
}
