// DynamoDB numbers as text: 38 significant digits, magnitude 1E-130 to 9.99E+125.
// Source: Developer Guide, "Naming rules and data types", "Number".

interface Decimal {
  negative: boolean;
  digits: string; // Significant digits without zeros at either end; empty for zero.
  exponent: number; // The value is 0.digits x 10^exponent.
}

const GRAMMAR = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;

function parse(text: string): Decimal | undefined {
  const match = GRAMMAR.exec(text);
  if (!match) return undefined;
  const whole = match[2] ?? '';
  const all = whole + (match[3] ?? match[4] ?? '');
  const leading = all.length - all.replace(/^0+/, '').length;
  const digits = all.slice(leading).replace(/0+$/, '');
  const written = match[5] ? Number(match[5]) : 0;
  return {
    negative: match[1] === '-' && digits !== '',
    digits,
    exponent: digits === '' ? 0 : whole.length - leading + written,
  };
}

// What is wrong with `text` as a DynamoDB number; undefined when it is one.
export function numberError(text: string): string | undefined {
  const decimal = parse(text);
  if (!decimal) return text === '' ? 'a number is missing' : `${JSON.stringify(text)} is not a number`;
  if (decimal.digits.length > 38) return `more than 38 significant digits (${decimal.digits.length})`;
  if (decimal.digits !== '' && decimal.exponent > 126) return 'magnitude above 9.99E+125';
  if (decimal.digits !== '' && decimal.exponent < -129) return 'magnitude below 1E-130';
  return undefined;
}

// The form DynamoDB stores and returns: plain decimal, no exponent. `text` must be a number.
export function canonicalNumber(text: string): string {
  const decimal = parse(text);
  if (!decimal) throw new Error(`${JSON.stringify(text)} is not a number`);
  const { digits, exponent, negative } = decimal;
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent <= 0) return `${sign}0.${'0'.repeat(-exponent)}${digits}`;
  if (digits.length <= exponent) return sign + digits + '0'.repeat(exponent - digits.length);
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

// Order by value; text that is no number sorts last, by itself.
export function compareNumbers(a: string, b: string): number {
  const [x, y] = [parse(a), parse(b)];
  if (!x || !y) return x ? -1 : y ? 1 : a < b ? -1 : a > b ? 1 : 0;
  const rank = (d: Decimal) => (d.digits === '' ? 0 : d.negative ? -1 : 1);
  if (rank(x) !== rank(y)) return rank(x) - rank(y);
  if (rank(x) === 0) return 0;
  const magnitude =
    x.exponent !== y.exponent ? x.exponent - y.exponent : x.digits < y.digits ? -1 : x.digits > y.digits ? 1 : 0;
  return x.negative ? -magnitude : magnitude;
}

export function sameNumber(a: string, b: string): boolean {
  return compareNumbers(a, b) === 0;
}
