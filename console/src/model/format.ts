// Numbers, sizes and times in the reader's own locale.

const whole = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const fine = new Intl.NumberFormat(undefined, { maximumFractionDigits: 3 });
const hundredths = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });

export const formatCount = (count: number | undefined) => (count === undefined ? '–' : whole.format(count));
export const formatCompact = (count: number) => compact.format(count);
// Of an axis, whose steps may be small.
export const formatRate = (rate: number) => (rate < 10 ? hundredths.format(rate) : compact.format(rate));
export const formatUnits = (units: number | undefined) => (units === undefined ? '–' : fine.format(units));

export function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined) return '–';
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${short.format(value)} ${units[unit]}`;
}

export function formatMs(ms: number | undefined): string {
  if (ms === undefined) return '–';
  return ms < 10 ? `${hundredths.format(ms)} ms` : ms < 1000 ? `${whole.format(Math.round(ms))} ms` : `${short.format(ms / 1000)} s`;
}

// Two times with one unit where it is the same: short enough for a figure of the dashboard.
export function formatMsPair(a: number | undefined, b: number | undefined): string {
  const [first, second] = [formatMs(a), formatMs(b)];
  const unit = / m?s$/.exec(second)?.[0];
  return `${unit && first.endsWith(unit) ? first.slice(0, -unit.length) : first} · ${second}`;
}

export function formatDuration(seconds: number): string {
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  if (days) return `${days} d ${hours} h`;
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min` : `${Math.floor(seconds)} s`;
}

const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const timeOnly = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

// A number is epoch seconds, as DynamoDB answers; text is ISO 8601, as IAM does.
export function formatTime(time: number | string | undefined): string {
  if (time === undefined || time === '') return '–';
  const date = new Date(typeof time === 'number' ? time * 1000 : time);
  return Number.isNaN(date.getTime()) ? String(time) : dateTime.format(date);
}

const dateOnly = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

// Where the time of day is a pointer's rest away. Epoch seconds.
export const formatDate = (time: number | undefined) => (time === undefined ? '–' : dateOnly.format(new Date(time * 1000)));

export const formatClock = (ms: number) => timeOnly.format(new Date(ms));

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
