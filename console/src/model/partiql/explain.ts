// How a statement will be carried out, told from its text and the table's keys: a key lookup, a
// query or a scan of everything. Source: Developer Guide, "PartiQL select statements for DynamoDB".
import type { TableDescription } from '../../api/types';
import { ReadTarget, readTargets } from '../schema';
import { Token, isName, isSymbol, isWord, tokenize } from './lexer';

export interface StatementShape {
  verb: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'EXISTS';
  table?: string;
  index?: string;
  // Attributes the WHERE clause compares, if all its conditions are joined by AND.
  conditions: { name: string; operator: string }[];
  hasOr: boolean;
}

export interface Explanation {
  kind: 'key lookup' | 'query' | 'scan' | 'write' | 'unknown';
  text: string;
  severity: 'info' | 'warning';
}

export function shapeOf(statement: string): StatementShape | undefined {
  const tokens = tokenize(statement).filter((token) => !isSymbol(token, ';'));
  const verb = tokens[0]?.kind === 'word' ? tokens[0].text.toUpperCase() : '';
  if (!['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'EXISTS'].includes(verb)) return undefined;
  const shape: StatementShape = { verb: verb as StatementShape['verb'], conditions: [], hasOr: false };
  const at = verb === 'UPDATE' ? 1 : tokens.findIndex((token) => isWord(token, 'FROM', 'INTO')) + 1;
  if (at > 0 && isName(tokens[at])) {
    shape.table = tokens[at]!.text;
    if (isSymbol(tokens[at + 1], '.') && isName(tokens[at + 2])) shape.index = tokens[at + 2]!.text;
  }
  const where = tokens.findIndex((token) => isWord(token, 'WHERE'));
  if (where >= 0) readConditions(tokens.slice(where + 1), shape);
  return shape;
}

function readConditions(tokens: Token[], shape: StatementShape): void {
  const end = tokens.findIndex((token) => isWord(token, 'ORDER', 'RETURNING'));
  const body = end >= 0 ? tokens.slice(0, end) : tokens;
  for (const [index, token] of body.entries()) {
    if (isWord(token, 'OR', 'NOT') && !isWord(body[index - 1], 'IS')) shape.hasOr = true;
    if (!isName(token) || isSymbol(body[index - 1], '.')) continue;
    const next = body[index + 1];
    if (next?.kind === 'symbol' && ['=', '<', '>', '<=', '>=', '<>', '!='].includes(next.text)) {
      shape.conditions.push({ name: token.text, operator: next.text });
    } else if (isWord(next, 'BETWEEN', 'IN')) {
      shape.conditions.push({ name: token.text, operator: next!.text.toUpperCase() });
    } else if (isWord(token, 'BEGINS_WITH') && isSymbol(next, '(') && isName(body[index + 2])) {
      shape.conditions.push({ name: body[index + 2]!.text, operator: 'BEGINS_WITH' });
    }
  }
}

export function explain(statement: string, describe: (table: string) => TableDescription | undefined): Explanation | undefined {
  const shape = shapeOf(statement);
  if (!shape) return undefined;
  const table = shape.table ? describe(shape.table) : undefined;
  if (shape.verb === 'INSERT') {
    return { kind: 'write', severity: 'info', text: 'Writes one item; fails when its key is already there.' };
  }
  if (!shape.table) return undefined;
  if (!table) return { kind: 'unknown', severity: 'info', text: `${shape.table} is not a table known here.` };
  const target = readTargets(table).find((one) => one.index === shape.index);
  if (!target) return { kind: 'unknown', severity: 'warning', text: `${shape.table} has no index ${shape.index}.` };
  return shape.verb === 'SELECT' ? explainSelect(shape, target, readTargets(table)) : explainWrite(shape, target);
}

const equals = (shape: StatementShape, name: string) => shape.conditions.some((c) => c.name === name && c.operator === '=');

function explainWrite(shape: StatementShape, target: ReadTarget): Explanation {
  const missing = [...target.partition, ...target.sort].filter((key) => !equals(shape, key.name)).map((key) => key.name);
  if (missing.length || shape.hasOr) {
    return {
      kind: 'write',
      severity: 'warning',
      text: `${shape.verb} needs an equality on every key attribute${missing.length ? `; missing: ${missing.join(', ')}` : ''}.`,
    };
  }
  return { kind: 'write', severity: 'info', text: 'Writes the one item with this key.' };
}

function explainSelect(shape: StatementShape, target: ReadTarget, all: ReadTarget[]): Explanation {
  const where = target.index ? `index ${target.index}` : `table ${shape.table}`;
  const operator = (name: string) => shape.conditions.find((condition) => condition.name === name)?.operator;
  const partition = target.partition.map((key) => operator(key.name));
  if (!shape.hasOr && partition.length && partition.every((one) => one === '=' || one === 'IN')) {
    const keys = target.partition.map((key) => key.name).join(', ');
    const whole = target.kind === 'table' && [...target.partition, ...target.sort].every((key) => equals(shape, key.name));
    if (whole) return { kind: 'key lookup', severity: 'info', text: `Key lookup in ${where}: reads at most one item.` };
    const sort = target.sort.filter((key) => operator(key.name)).map((key) => key.name);
    return {
      kind: 'query',
      severity: 'info',
      text: `Query of ${where} by ${keys}${sort.length ? `, narrowed by ${sort.join(', ')}` : ''}: reads only matching partitions.`,
    };
  }
  const better = shape.hasOr
    ? undefined
    : all.find((one) => one !== target && one.partition.length > 0 && one.partition.every((key) => equals(shape, key.name)));
  const advice = better
    ? ` ${better.index ? `FROM "${shape.table}"."${better.index}"` : `FROM "${shape.table}"`} would make it a query.`
    : ` An equality on ${target.partition.map((key) => key.name).join(' and ')} would make it a query.`;
  return { kind: 'scan', severity: 'warning', text: `Full scan of ${where}: reads every item.${advice}` };
}
