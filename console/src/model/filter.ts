// Filters as people build them (nested AND/OR groups of comparisons) and the expression they mean.
// Source: Developer Guide, "Condition and filter expressions, operators, and functions".
import type { AttributeType, AttributeValue } from './attribute';
import { InvalidValue, checkValue } from './attribute';
import { parseJson } from './json';
import { fromPlain } from './plain-json';
import type { Placeholders } from './update';

export type Operator =
  | '=' | '<>' | '<' | '<=' | '>' | '>='
  | 'between' | 'in' | 'begins_with' | 'contains' | 'not_contains'
  | 'exists' | 'not_exists' | 'type' | 'size=' | 'size<' | 'size>';

export const OPERATORS: { id: Operator; label: string; values: 0 | 1 | 2 | 'list' }[] = [
  { id: '=', label: '= equals', values: 1 },
  { id: '<>', label: '≠ differs', values: 1 },
  { id: '<', label: '< less', values: 1 },
  { id: '<=', label: '≤ at most', values: 1 },
  { id: '>', label: '> greater', values: 1 },
  { id: '>=', label: '≥ at least', values: 1 },
  { id: 'between', label: 'between', values: 2 },
  { id: 'in', label: 'one of', values: 'list' },
  { id: 'begins_with', label: 'begins with', values: 1 },
  { id: 'contains', label: 'contains', values: 1 },
  { id: 'not_contains', label: 'does not contain', values: 1 },
  { id: 'exists', label: 'exists', values: 0 },
  { id: 'not_exists', label: 'does not exist', values: 0 },
  { id: 'type', label: 'has type', values: 1 },
  { id: 'size=', label: 'size =', values: 1 },
  { id: 'size<', label: 'size <', values: 1 },
  { id: 'size>', label: 'size >', values: 1 },
];

export interface Clause {
  kind: 'clause';
  id: string;
  path: string;
  operator: Operator;
  type: AttributeType;
  value: string;
  value2: string;
}

export interface Group {
  kind: 'group';
  id: string;
  join: 'AND' | 'OR';
  not: boolean;
  members: (Group | Clause)[];
}

// Forms are kept and restored, so a number alone would come twice.
const load = Math.random().toString(36).slice(2, 8);
let nextId = 0;
const freshId = () => `${load}-${nextId++}`;

export function newClause(): Clause {
  return { kind: 'clause', id: freshId(), path: '', operator: '=', type: 'S', value: '', value2: '' };
}

export function newGroup(join: 'AND' | 'OR' = 'AND', members: (Group | Clause)[] = []): Group {
  return { kind: 'group', id: freshId(), join, not: false, members };
}

// A document path as typed: `a.b[2]`, or `"a.b".c` for an attribute whose name holds a dot.
export type PathStep = string | number;

export function parsePath(text: string): PathStep[] {
  const steps: PathStep[] = [];
  let rest = text.trim();
  let expectName = true;
  while (rest !== '') {
    const match = expectName
      ? /^"((?:[^"]|"")+)"|^([^.[\]"]+)/.exec(rest)
      : /^\.|^\[(\d+)\]/.exec(rest);
    if (!match) throw new InvalidValue('not an attribute path; write a.b[2], or "a.b" for a name with a dot', text);
    if (expectName) {
      steps.push(match[1] !== undefined ? match[1].replace(/""/g, '"') : match[2]!);
      expectName = false;
    } else if (match[1] !== undefined) {
      steps.push(Number(match[1]));
    } else {
      expectName = true;
    }
    rest = rest.slice(match[0].length);
  }
  if (expectName) throw new InvalidValue('the attribute is missing', text);
  return steps;
}

export function pathExpression(text: string, holders: Placeholders): string {
  return parsePath(text).reduce<string>((out, step) => {
    if (typeof step === 'number') return `${out}[${step}]`;
    return out === '' ? holders.name(step) : `${out}.${holders.name(step)}`;
  }, '');
}

// What is typed into a value field, as a value of `type`. Lists, maps and sets are plain JSON.
export function typedValue(type: AttributeType, text: string, path: string): AttributeValue {
  switch (type) {
    case 'S': return { S: text };
    case 'N': return checkValue({ N: text.trim() }, path);
    case 'B': return checkValue({ B: text.trim() }, path);
    case 'BOOL': return { BOOL: text.trim().toLowerCase() === 'true' };
    case 'NULL': return { NULL: true };
    case 'L':
    case 'M': {
      const value = fromPlain(parseJson(text), path);
      if (!(type in value)) throw new InvalidValue(`expected a ${type === 'L' ? 'list' : 'map'}`, path);
      return value;
    }
    case 'SS': return checkValue({ SS: listOf(text) }, path);
    case 'NS': return checkValue({ NS: listOf(text) }, path);
    case 'BS': return checkValue({ BS: listOf(text) }, path);
  }
}

// A comma-separated list; a member with a comma or blanks at its ends goes in double quotes.
export function listOf(text: string): string[] {
  const members: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(,|$)/y;
  for (;;) {
    const match = pattern.exec(text);
    if (!match) throw new InvalidValue('a quoted member must be followed by a comma', '');
    members.push(match[1] !== undefined ? match[1].replace(/""/g, '"') : match[2]!.trim());
    if (match[3] === '') return members;
  }
}

function clauseExpression(clause: Clause, holders: Placeholders): string {
  const path = pathExpression(clause.path, holders);
  const value = (text: string) => holders.value(typedValue(clause.type, text, clause.path));
  const size = (text: string) => holders.value(typedValue('N', text, clause.path));
  switch (clause.operator) {
    case 'exists': return `attribute_exists(${path})`;
    case 'not_exists': return `attribute_not_exists(${path})`;
    case 'type': return `attribute_type(${path}, ${holders.value({ S: clause.value || clause.type })})`;
    case 'begins_with': return `begins_with(${path}, ${value(clause.value)})`;
    case 'contains': return `contains(${path}, ${value(clause.value)})`;
    case 'not_contains': return `NOT contains(${path}, ${value(clause.value)})`;
    case 'between': return `${path} BETWEEN ${value(clause.value)} AND ${value(clause.value2)}`;
    case 'in': return `${path} IN (${listOf(clause.value).map(value).join(', ')})`;
    case 'size=': return `size(${path}) = ${size(clause.value)}`;
    case 'size<': return `size(${path}) < ${size(clause.value)}`;
    case 'size>': return `size(${path}) > ${size(clause.value)}`;
    default: return `${path} ${clause.operator} ${value(clause.value)}`;
  }
}

// The expression of `group`; empty when it holds no clause. Throws InvalidValue.
export function filterExpression(group: Group, holders: Placeholders, top = true): string {
  const parts = group.members
    .map((member) => (member.kind === 'clause' ? clauseExpression(member, holders) : filterExpression(member, holders, false)))
    .filter((part) => part !== '');
  if (parts.length === 0) return '';
  const joined = parts.join(` ${group.join} `);
  if (group.not) return `NOT (${joined})`;
  return top || parts.length === 1 ? joined : `(${joined})`;
}

export function countClauses(group: Group): number {
  return group.members.reduce((sum, member) => sum + (member.kind === 'clause' ? 1 : countClauses(member)), 0);
}

// A copy of `group` with the member `id` replaced by what `change` makes of it, or dropped.
export function changeMember(
  group: Group,
  id: string,
  change: (member: Group | Clause) => Group | Clause | undefined,
): Group {
  if (group.id === id) return (change(group) as Group | undefined) ?? newGroup();
  const members: (Group | Clause)[] = [];
  for (const member of group.members) {
    if (member.id === id) {
      const next = change(member);
      if (next) members.push(next);
    } else {
      members.push(member.kind === 'group' ? changeMember(member, id, change) : member);
    }
  }
  return { ...group, members };
}
