// The explorer's form and the Query or Scan it stands for. A partition key makes it a Query.
import { InvalidValue, Item, checkValue } from './attribute';
import { Group, filterExpression, newGroup, parsePath, pathExpression } from './filter';
import { ReadTarget, keyValue } from './schema';
import { Placeholders } from './update';

export type SortOperator = '=' | '<' | '<=' | '>' | '>=' | 'between' | 'begins_with';

export interface SortCondition {
  operator: SortOperator;
  value: string;
  value2: string;
}

export interface ReadForm {
  index?: string;
  // By position in the key of the table or index; an empty text means "not given".
  partition: string[];
  sort: SortCondition[];
  filter: Group;
  projection: string; // Comma-separated paths; empty means everything.
  descending: boolean;
  consistent: boolean;
  pageSize: number; // 0: as much as a page can hold.
}

export interface ReadCall {
  operation: 'Query' | 'Scan';
  input: Record<string, unknown>;
}

export function emptyForm(pageSize = 100): ReadForm {
  return { partition: [], sort: [], filter: newGroup(), projection: '', descending: false, consistent: false, pageSize };
}

// A form that names a partition key asks for a Query; without one only a Scan is possible.
export function readOperation(form: ReadForm): 'Query' | 'Scan' {
  return form.partition.some((text) => text !== '') ? 'Query' : 'Scan';
}

// The request for the page after `start`. Throws InvalidValue with what to correct.
export function readCall(table: string, target: ReadTarget, form: ReadForm, start?: Item): ReadCall {
  const holders = new Placeholders();
  const operation = readOperation(form);
  const input: Record<string, unknown> = { TableName: table };
  if (target.index) input.IndexName = target.index;
  if (operation === 'Query') {
    input.KeyConditionExpression = keyCondition(target, form, holders);
    if (form.descending) input.ScanIndexForward = false;
  } else if (form.sort.some((condition) => condition.value !== '')) {
    throw new InvalidValue('a sort key condition needs a partition key value', target.partition[0]?.name ?? '');
  }
  const filter = filterExpression(form.filter, holders);
  if (filter) input.FilterExpression = filter;
  if (form.projection.trim()) {
    input.ProjectionExpression = projection(form.projection, target.keys, holders);
  }
  if (form.consistent && target.kind !== 'gsi') input.ConsistentRead = true;
  Object.assign(input, holders.members(), form.pageSize ? { Limit: form.pageSize } : {}, { ReturnConsumedCapacity: 'INDEXES' });
  if (start) input.ExclusiveStartKey = start;
  return { operation, input };
}

// Paths separated by commas, except commas inside double quotes.
export function splitPaths(text: string): string[] {
  return (text.match(/(?:"(?:[^"]|"")*"|[^,"])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '');
}

// Without its key an item could neither be opened nor told from others.
function projection(text: string, keys: string[], holders: Placeholders): string {
  const paths = splitPaths(text);
  const named = paths.map(parsePath).flatMap((steps) => (steps.length === 1 ? [steps[0]] : []));
  const missing = keys.filter((key) => !named.includes(key)).map((key) => holders.name(key));
  return [...missing, ...paths.map((path) => pathExpression(path, holders))].join(', ');
}

function keyCondition(target: ReadTarget, form: ReadForm, holders: Placeholders): string {
  const clauses = target.partition.map((attribute, position) => {
    const text = form.partition[position] ?? '';
    if (text === '') throw new InvalidValue('every partition key attribute needs a value', attribute.name);
    const value = checkValue(keyValue(attribute.type, text), attribute.name);
    return `${holders.name(attribute.name)} = ${holders.value(value)}`;
  });
  let ended = false;
  target.sort.forEach((attribute, position) => {
    const condition = form.sort[position];
    if (!condition || condition.value === '') {
      ended = true;
      return;
    }
    // Source: Developer Guide, "Multi-attribute keys": from left to right, equality but for the last.
    if (ended) throw new InvalidValue('sort key attributes are given from left to right without gaps', attribute.name);
    const name = holders.name(attribute.name);
    const value = (text: string) => holders.value(checkValue(keyValue(attribute.type, text), attribute.name));
    if (condition.operator !== '=') ended = true;
    if (condition.operator === 'between') {
      if (condition.value2 === '') throw new InvalidValue('"between" needs two values', attribute.name);
      clauses.push(`${name} BETWEEN ${value(condition.value)} AND ${value(condition.value2)}`);
    } else if (condition.operator === 'begins_with') {
      if (attribute.type === 'N') throw new InvalidValue('"begins with" works on text and binary only', attribute.name);
      clauses.push(`begins_with(${name}, ${value(condition.value)})`);
    } else {
      clauses.push(`${name} ${condition.operator} ${value(condition.value)}`);
    }
  });
  return clauses.join(' AND ');
}

// Advice on a request that works harder than it has to.
export function readAdvice(target: ReadTarget, form: ReadForm, targets: ReadTarget[]): string | undefined {
  if (readOperation(form) === 'Query') return undefined;
  for (const candidate of targets) {
    const wanted = candidate.partition[0]?.name;
    const hit = form.filter.join === 'AND' && !form.filter.not
      ? form.filter.members.some((m) => m.kind === 'clause' && m.operator === '=' && m.path === wanted)
      : false;
    if (hit && candidate.partition.length === 1) {
      const where = candidate.index ? `the index ${candidate.index}` : 'the table';
      return `"${wanted}" is the partition key of ${where}: as a key condition it reads only matching items, as a filter it reads everything.`;
    }
  }
  return form.filter.members.length ? `A scan reads every item of ${target.index ?? 'the table'} and then drops what does not match.` : undefined;
}
