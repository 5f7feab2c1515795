// uPlot, loaded when the first chart appears; the space is kept, so nothing jumps.
import { lazy, Suspense } from 'react';
import type { ChartProps } from './time-chart-impl';

const Impl = lazy(() => import('./time-chart-impl'));
export type { ChartProps, ChartSeries } from './time-chart-impl';

export function TimeChart(props: ChartProps) {
  return (
    <div className="chart" style={{ minHeight: (props.height ?? 180) + 32 }}>
      <Suspense fallback={null}>
        <Impl {...props} />
      </Suspense>
    </div>
  );
}
