// uPlot, loaded when the first chart appears; the space is kept, so nothing jumps.
import { lazy, Suspense } from 'react';
import type { ChartProps } from './time-chart-impl';

const Impl = lazy(() => import('./time-chart-impl'));
export type { ChartProps, ChartSeries } from './time-chart-impl';

// Told apart in both modes, and by those who see few colours.
export const COLORS = { blue: '#3b82f6', orange: '#e07b00', red: '#d13212', green: '#1d8f5a' };

export function TimeChart(props: ChartProps) {
  return (
    <div className="chart" style={{ minHeight: (props.height ?? 180) + 32 }}>
      <Suspense fallback={null}>
        <Impl {...props} />
      </Suspense>
    </div>
  );
}
