import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ReactNode, useState } from 'react';
import { pointTimeMs, TablePoint } from '../../api/server';
import type { TableDescription } from '../../api/types';
import { useTableMetrics } from '../../app/metrics';
import { useTarget } from '../../app/target';
import { ErrorAlert } from '../../components/error-alert';
import { PageLink } from '../../components/link';
import { Stat, Stats } from '../../components/stat';
import { COLORS, TimeChart } from '../../components/time-chart';
import { spanText, TimeSpan } from '../../components/time-span';
import { formatCompact, formatCount, formatRate, formatUnits } from '../../model/format';
import { givenCapacity } from '../../model/capacity';
import { perSecond, recentTableRates, tableTotals } from '../../model/metrics';

// What this table was asked for, as this server counted it.
export function TableMetrics({ table }: { table: TableDescription }) {
  const { region } = useTarget();
  const [seconds, setSeconds] = useState(900);
  const { data, error } = useTableMetrics(table.TableName, region, seconds);
  const points = data?.points ?? [];
  const interval = data?.intervalSeconds ?? 5;
  const totals = data && tableTotals(points);
  const rates = data && recentTableRates(data);
  const given = givenCapacity(table);
  const times = points.map(pointTimeMs);
  const rate = (of: (point: TablePoint) => number) => perSecond(points, interval, of);
  const limit = (units: number | undefined) =>
    units === undefined ? [] : [{ label: given.onDemand ? 'Most allowed' : 'Provisioned', color: COLORS.red, values: points.map(() => units), dashed: true }];
  return (
    <SpaceBetween size="m">
      <ErrorAlert error={error} header="No measurements" />
      <Container
        header={
          <Header
            variant="h2"
            description={<>Counted by this server since it started; indexes are included. <PageLink to="/">All of the server</PageLink></>}
            actions={<TimeSpan seconds={seconds} onChange={setSeconds} />}
          >
            Load
          </Header>
        }
      >
        <Stats>
          <Stat label="Requests per second, now" value={rates ? formatCompact(rates.requests) : '–'} />
          <Stat label="Read units per second, now" value={rates ? formatCompact(rates.readUnits) : '–'} />
          <Stat label="Write units per second, now" value={rates ? formatCompact(rates.writeUnits) : '–'} />
          <Stat label="Throttled per second, now" value={rates ? formatCompact(rates.throttles) : '–'} bad={!!rates?.throttles} />
          <Stat label={`Requests in ${spanText(seconds)}`} value={formatCount(totals && totals.reads.requests + totals.writes.requests)} />
          <Stat label={`Read · write units in ${spanText(seconds)}`} value={totals ? `${formatUnits(totals.reads.units)} · ${formatUnits(totals.writes.units)}` : '–'} />
          <Stat label={`Errors in ${spanText(seconds)}`} value={formatCount(totals && totals.reads.errors + totals.writes.errors)} />
          <Stat label={`Throttled in ${spanText(seconds)}`} value={formatCount(totals && totals.reads.throttles + totals.writes.throttles)} bad={!!totals && totals.reads.throttles + totals.writes.throttles > 0} />
        </Stats>
      </Container>
      <ColumnLayout columns={2} minColumnWidth={320}>
        <Chart title="Read capacity" description="Units per second">
          <TimeChart label="Read units per second" times={times} format={formatRate} series={[{ label: 'Consumed', color: COLORS.blue, values: rate((point) => point.reads.units), fill: true }, ...limit(given.readUnits)]} />
        </Chart>
        <Chart title="Write capacity" description="Units per second">
          <TimeChart label="Write units per second" times={times} format={formatRate} series={[{ label: 'Consumed', color: COLORS.orange, values: rate((point) => point.writes.units), fill: true }, ...limit(given.writeUnits)]} />
        </Chart>
        <Chart title="Requests" description="Per second">
          <TimeChart
            label="Requests per second"
            times={times}
            format={formatRate}
            series={[
              { label: 'Reads', color: COLORS.blue, values: rate((point) => point.reads.requests) },
              { label: 'Writes', color: COLORS.orange, values: rate((point) => point.writes.requests) },
            ]}
          />
        </Chart>
        <Chart title="Throttles and errors" description="Per second; failed conditions are errors too">
          <TimeChart
            label="Throttles and errors per second"
            times={times}
            format={formatRate}
            series={[
              { label: 'Read throttles', color: COLORS.blue, values: rate((point) => point.reads.throttles) },
              { label: 'Write throttles', color: COLORS.orange, values: rate((point) => point.writes.throttles) },
              { label: 'Errors', color: COLORS.red, values: rate((point) => point.reads.errors + point.writes.errors) },
            ]}
          />
        </Chart>
      </ColumnLayout>
    </SpaceBetween>
  );
}

function Chart({ title, description, children }: { title: string; description: string; children: ReactNode }) {
  return <Container header={<Header variant="h2" description={description}>{title}</Header>}>{children}</Container>;
}
