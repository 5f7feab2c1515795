// Where in a nested value something changed: a long document with one other number shows that number.
import { AttributeValue, getOwn, sameValue } from './attribute';
import { sameNumber } from './number';
import type { AttributeChange } from './update';

export interface InnerChange extends Omit<AttributeChange, 'name'> {
  path: string; // "address.lines[2]"
}

// More of them in one attribute say less than its two values side by side.
const MOST_OF_ONE = 30;

export function innerChanges(changes: AttributeChange[]): InnerChange[] {
  return changes.flatMap((change) => {
    const whole = { path: change.name, kind: change.kind, before: change.before, after: change.after };
    const inner = change.before && change.after ? compare(change.name, change.before, change.after) : [whole];
    return inner.length > MOST_OF_ONE ? [whole] : inner;
  });
}

function compare(path: string, before: AttributeValue | undefined, after: AttributeValue | undefined): InnerChange[] {
  if (!before || !after) return [{ path, kind: before ? 'removed' : 'added', before, after }];
  if (sameValue(before, after)) return [];
  if ('M' in before && 'M' in after) {
    const [old, now] = [before.M, after.M];
    return [...new Set([...Object.keys(old), ...Object.keys(now)])].sort().flatMap((name) => compare(`${path}.${name}`, getOwn(old, name), getOwn(now, name)));
  }
  if ('L' in before && 'L' in after) {
    const [old, now] = [before.L, after.L];
    return Array.from({ length: Math.max(old.length, now.length) }, (_, at) => compare(`${path}[${at}]`, old[at], now[at])).flat();
  }
  for (const type of ['SS', 'NS', 'BS'] as const) {
    const [old, now] = [(before as Record<string, string[]>)[type], (after as Record<string, string[]>)[type]];
    if (!old || !now) continue;
    const same = type === 'NS' ? sameNumber : (a: string, b: string) => a === b;
    const only = (members: string[], others: string[]) => members.filter((one) => !others.some((other) => same(one, other)));
    const of = (members: string[]) => (members.length ? ({ [type]: members } as unknown as AttributeValue) : undefined);
    return [{ path, kind: 'changed', before: of(only(old, now)), after: of(only(now, old)) }];
  }
  return [{ path, kind: 'changed', before, after }];
}
