// From items to what a chart draws. Here, and only here, numbers become JavaScript numbers: a pixel
// is coarser than a double.
import { Item, getOwn } from './attribute';
import { compareNumbers } from './number';
import { preview } from './preview';

export interface ChartData {
  points: { x: string; y: number }[];
  continuous: boolean; // Both axes are numbers.
}

const MOST_BARS = 40;
const MOST_POINTS = 2000;

// `y` of each item over its `x`; without a `y`, how many items have each value of `x`.
export function chartPoints(items: Item[], x: string, y: string | undefined): ChartData {
  const rows = items.flatMap((item) => {
    const at = getOwn(item, x);
    const height = y === undefined ? { N: '1' } : getOwn(item, y);
    return at && height && 'N' in height ? [{ number: 'N' in at, x: preview(at, 40), y: Number(height.N) }] : [];
  });
  const continuous = y !== undefined && rows.length > 1 && rows.every((row) => row.number);
  if (continuous) {
    const points = rows.sort((a, b) => compareNumbers(a.x, b.x));
    const step = Math.ceil(points.length / MOST_POINTS);
    return { continuous, points: points.filter((_, index) => index % step === 0).map((row) => ({ x: row.x, y: row.y })) };
  }
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row.x, (sums.get(row.x) ?? 0) + row.y);
  const sorted = [...sums].sort((a, b) => b[1] - a[1]).map(([label, sum]) => ({ x: label, y: sum }));
  if (sorted.length <= MOST_BARS) return { continuous, points: sorted };
  const rest = sorted.slice(MOST_BARS - 1).reduce((sum, point) => sum + point.y, 0);
  return { continuous, points: [...sorted.slice(0, MOST_BARS - 1), { x: 'others', y: rest }] };
}
