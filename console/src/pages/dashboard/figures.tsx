import Container from '@cloudscape-design/components/container';
import { Metrics } from '../../api/server';
import { formatBytes, formatCompact, formatCount, formatDuration, formatMsPair } from '../../model/format';
import { currentRates } from '../../model/metrics';
import { Stat, Stats } from '../../components/stat';

export function Figures({ metrics }: { metrics?: Metrics }) {
  const rates = metrics && currentRates(metrics);
  const now = metrics?.now;
  const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
  return (
    <Container>
      <Stats>
        <Stat label="Requests per second" value={rates ? formatCompact(rates.requests) : '–'} />
        <Stat label="Latency, median and 99%" hint="Time in the server, of the latest sample with requests" value={rates ? formatMsPair(rates.p50Ms, rates.p99Ms) : '–'} />
        <Stat label="Errors" value={rates ? percent.format(rates.errors) : '–'} />
        <Stat label="Throttled per second" value={rates ? formatCompact(rates.throttles) : '–'} bad={!!rates?.throttles} />
        <Stat label="Storage" value={formatBytes(now?.storageBytes)} />
        <Stat label="Memory" value={formatBytes(now?.residentBytes)} />
        <Stat label="Open connections" value={formatCount(now?.connections)} />
        <Stat label="Up for" value={now?.uptimeSeconds === undefined ? '–' : formatDuration(now.uptimeSeconds)} />
      </Stats>
    </Container>
  );
}
