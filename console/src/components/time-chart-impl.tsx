import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { formatClock } from '../model/format';

export interface ChartSeries {
  label: string;
  color: string;
  values: (number | null)[];
  fill?: boolean;
  dashed?: boolean;
}

export interface ChartProps {
  label: string; // For those who do not see the chart, too.
  times: number[]; // Epoch milliseconds.
  series: ChartSeries[];
  format: (value: number) => string;
  height?: number;
}

const MINUTES = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const SECONDS = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

const LEAST_SPAN_S = 60;

function timeRange(times: ArrayLike<number>, min: number, max: number): [number, number] {
  const newest = times[times.length - 1] ?? max;
  return newest - (times[0] ?? -Infinity) < LEAST_SPAN_S ? [newest - LEAST_SPAN_S, newest] : [min, max];
}

const last = (values: ArrayLike<number | null | undefined> | undefined) => values?.[values.length - 1];
const valueText = (value: number | null | undefined, format: (value: number) => string) => (value == null ? '–' : format(value));

const color = (name: string) => getComputedStyle(document.body).getPropertyValue(name).trim();

export default function TimeChartImpl({ label, times, series, format, height = 180 }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>();
  const shape = series.map((one) => `${one.label}/${one.color}`).join();
  const latest = useRef({ times, series, format });
  latest.current = { times, series, format };

  useEffect(() => {
    const element = host.current!;
    const data = (): uPlot.AlignedData => [latest.current.times.map((ms) => ms / 1000), ...latest.current.series.map((one) => one.values)];
    const axis = () => ({ stroke: color('--soft'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line') } });
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(
        {
          width: element.clientWidth,
          height,
          padding: [null, 40, null, null], // Half the last time of the axis is as wide as that.
          cursor: { drag: { x: false, y: false } },
          legend: { live: true },
          scales: {
            // The library gives one sample alone a whole day.
            x: { range: (plot, min, max) => timeRange(plot.data[0], min, max) },
            y: { range: (_, __, max) => [0, max > 0 ? max * 1.15 : 1] },
          },
          axes: [
            { ...axis(), values: (_, ticks, __, ___, step) => ticks.map((s) => (step < 60 ? SECONDS : MINUTES).format(s * 1000)), space: 84 },
            { ...axis(), size: 64, values: (_, ticks) => ticks.map((value) => latest.current.format(value)) },
          ],
          series: [
            { label: 'Time', value: (plot, seconds) => valueText(seconds ?? last(plot.data[0]), (at) => formatClock(at * 1000)) },
            ...latest.current.series.map((one) => ({
              label: one.label,
              stroke: one.color,
              width: 1.5,
              dash: one.dashed ? [6, 4] : undefined,
              points: { show: (plot: uPlot) => plot.data[0].length < 2 },
              spanGaps: false,
              fill: one.fill ? `${one.color}22` : undefined,
              // Away from the pointer the newest values are shown.
              value: (plot: uPlot, value: number | null, at: number, index: number | null) =>
                valueText(index === null ? last(plot.data[at]) : value, latest.current.format),
            })),
          ],
        },
        data(),
        element,
      );
    };
    make();
    const resize = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    window.addEventListener('armature-theme', make);
    return () => {
      resize.disconnect();
      window.removeEventListener('armature-theme', make);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape, height]);

  useEffect(() => {
    plot.current?.setData([times.map((ms) => ms / 1000), ...series.map((one) => one.values)]);
  }, [times, series]);

  const newest = series.map((one) => `${one.label} ${valueText(last(one.values), format)}`).join(', ');
  return <div ref={host} role="img" aria-label={`${label}. Latest: ${newest}`} />;
}
