// What is wrong, or wiser done otherwise, in a policy document.
// Source: IAM User Guide, "IAM JSON policy elements reference"; Developer Guide, "Using IAM
// policy conditions for fine-grained access control".
import { Json, JsonError, JsonObject, Positions, isObject, parseJson, pointer } from '../json';
import { cidrError } from '../cidr';

export type PolicyKind = 'identity' | 'trust' | 'resource';

export interface Finding {
  severity: 'error' | 'warning';
  message: string;
  from: number;
  to: number;
}

const OPERATORS = new Set(
  ('StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike NumericEquals ' +
    'NumericNotEquals NumericLessThan NumericLessThanEquals NumericGreaterThan NumericGreaterThanEquals DateEquals DateNotEquals ' +
    'DateLessThan DateLessThanEquals DateGreaterThan DateGreaterThanEquals Bool BinaryEquals Null IpAddress NotIpAddress ' +
    'ArnEquals ArnLike ArnNotEquals ArnNotLike').split(' '),
);
const STATEMENT_MEMBERS = new Set(
  'Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition'.split(' '),
);
const SIZE_LIMITS: Record<PolicyKind, number> = { identity: 6144, trust: 2048, resource: 20480 };

export function lintPolicy(text: string, kind: PolicyKind): Finding[] {
  const positions: Positions = new Map();
  const findings: Finding[] = [];
  let document: Json;
  try {
    document = parseJson(text, positions);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return [{ severity: 'error', message: error.reason, from: error.offset, to: Math.min(text.length, error.offset + 1) }];
  }
  const add = (severity: Finding['severity'], path: string, message: string) => {
    const span = positions.get(path) ?? { from: 0, to: text.length };
    findings.push({ severity, message, ...span });
  };
  if (!isObject(document)) {
    add('error', '', 'A policy is an object with a Statement.');
    return findings;
  }
  lintDocument(document, kind, add);
  const size = text.replace(/\s/g, '').length;
  if (size > SIZE_LIMITS[kind]) add('error', '', `${size} characters without blanks; the limit is ${SIZE_LIMITS[kind]}.`);
  return findings;
}

type Add = (severity: Finding['severity'], path: string, message: string) => void;

function lintDocument(document: JsonObject, kind: PolicyKind, add: Add): void {
  for (const name of Object.keys(document)) {
    if (!['Version', 'Id', 'Statement'].includes(name)) add('error', pointer(name), `Unknown member ${name}.`);
  }
  if (document.Version === undefined) {
    add('warning', '', 'Without "Version": "2012-10-17" variables such as ${aws:username} are plain text.');
  } else if (document.Version !== '2012-10-17' && document.Version !== '2008-10-17') {
    add('error', '/Version', 'The version is 2012-10-17 (or the old 2008-10-17).');
  }
  if (document.Statement === undefined) return add('error', '', 'A policy needs a Statement.');
  const single = !Array.isArray(document.Statement);
  const statements = single ? [document.Statement] : (document.Statement as Json[]);
  const sids = new Set<string>();
  statements.forEach((statement, index) => {
    const path = single ? '/Statement' : pointer('Statement', index);
    if (!isObject(statement)) return add('error', path, 'A statement is an object.');
    if (typeof statement.Sid === 'string') {
      if (!/^[A-Za-z0-9]*$/.test(statement.Sid)) add('error', `${path}/Sid`, 'A Sid has letters and digits only.');
      if (sids.has(statement.Sid)) add('error', `${path}/Sid`, 'Statement IDs (Sid) must be unique.');
      sids.add(statement.Sid);
    }
    lintStatement(statement, path, kind, add);
  });
}

function strings(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function lintStatement(statement: JsonObject, path: string, kind: PolicyKind, add: Add): void {
  for (const name of Object.keys(statement)) {
    if (!STATEMENT_MEMBERS.has(name)) add('error', path + pointer(name), `Unknown member ${name}.`);
  }
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    add('error', statement.Effect === undefined ? path : `${path}/Effect`, 'Effect is "Allow" or "Deny".');
  }
  for (const [one, other] of [['Action', 'NotAction'], ['Resource', 'NotResource'], ['Principal', 'NotPrincipal']] as const) {
    if (statement[one] !== undefined && statement[other] !== undefined) {
      add('error', `${path}/${other}`, `${one} and ${other} exclude each other.`);
    }
  }
  const hasPrincipal = statement.Principal !== undefined || statement.NotPrincipal !== undefined;
  if (kind === 'identity' && hasPrincipal) add('error', path, 'A policy attached to a user, group or role has no Principal.');
  if (kind !== 'identity' && !hasPrincipal) add('error', path, 'Say in Principal whom this is about.');
  if (kind === 'trust' && (statement.Resource !== undefined || statement.NotResource !== undefined)) {
    add('error', `${path}/Resource`, 'A trust policy has no Resource.');
  }
  lintActions(statement, path, kind, add);
  if (kind === 'identity') lintResources(statement, path, add);
  if (isObject(statement.Principal ?? null)) lintPrincipal(statement.Principal as JsonObject, path, add);
  if (statement.Condition !== undefined) lintCondition(statement, path, add);
  lintWisdom(statement, path, kind, add);
}

function lintActions(statement: JsonObject, path: string, kind: PolicyKind, add: Add): void {
  const member = statement.Action !== undefined ? 'Action' : 'NotAction';
  const actions = strings(statement[member]);
  if (actions.length === 0) return add('error', path, 'A statement needs an Action.');
  for (const action of actions) {
    if (action === '*') continue;
    const vendor = /^([A-Za-z0-9-]+):[\w*?]+$/.exec(action)?.[1]?.toLowerCase();
    if (!vendor) add('error', `${path}/${member}`, `${action}: write service:Action, such as dynamodb:GetItem.`);
    else if (kind === 'trust' && vendor !== 'sts') add('error', `${path}/${member}`, `${action}: a trust policy speaks of sts actions only.`);
    else if (/^dynamodb:(transactwriteitems|transactgetitems)$/i.test(action)) {
      add('warning', `${path}/${member}`, `${action} is no action: transactions need GetItem, PutItem, UpdateItem, DeleteItem and ConditionCheckItem.`);
    } else if (/^dynamodb:(executestatement|batchexecutestatement|executetransaction)$/i.test(action)) {
      add('warning', `${path}/${member}`, `${action} is no action: PartiQL needs PartiQLSelect, PartiQLInsert, PartiQLUpdate, PartiQLDelete.`);
    }
  }
}

function lintResources(statement: JsonObject, path: string, add: Add): void {
  const member = statement.Resource !== undefined ? 'Resource' : 'NotResource';
  const resources = strings(statement[member]);
  if (resources.length === 0) return add('error', path, 'A statement needs a Resource.');
  for (const resource of resources) {
    if (resource !== '*' && !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+/.test(resource)) {
      add('error', `${path}/${member}`, `${resource}: a resource is an ARN or "*".`);
    }
  }
  const reads = strings(statement.Action).some((action) => /^dynamodb:(query|scan|partiqlselect)$/i.test(action));
  const tables = resources.filter((resource) => /:table\/[^/*]+$/.test(resource));
  const indexes = resources.some((resource) => /\/index\/|\*/.test(resource));
  if (statement.Effect === 'Allow' && reads && tables.length > 0 && !indexes) {
    add('warning', `${path}/${member}`, `Reading an index needs its own ARN: add ${tables[0]}/index/*.`);
  }
}

function lintPrincipal(principal: JsonObject, path: string, add: Add): void {
  for (const [type, value] of Object.entries(principal)) {
    if (!['AWS', 'Service', 'Federated', 'CanonicalUser'].includes(type)) {
      add('error', `${path}/Principal`, `${type}: a principal is AWS, Service, Federated or CanonicalUser.`);
    }
    for (const one of strings(value)) {
      if (/:group\//.test(one)) add('error', `${path}/Principal`, 'A group is no principal.');
      if (/^arn:.*[*?]/.test(one)) add('error', `${path}/Principal`, 'Wildcards inside a principal ARN are not allowed.');
    }
  }
}

function lintCondition(statement: JsonObject, path: string, add: Add): void {
  const condition = statement.Condition!;
  if (!isObject(condition)) return add('error', `${path}/Condition`, 'Condition is an object of operators.');
  for (const [operator, keys] of Object.entries(condition)) {
    const at = `${path}/Condition${pointer(operator)}`;
    const name = operator.replace(/^For(All|Any)Values:/, '').replace(/IfExists$/, '');
    if (!OPERATORS.has(name)) add('error', at, `${operator} is no condition operator.`);
    else if (name === 'Null' && /IfExists$/.test(operator)) add('error', at, 'Null takes no IfExists.');
    if (!isObject(keys)) {
      add('error', at, 'An operator holds an object of condition keys.');
      continue;
    }
    for (const [key, values] of Object.entries(keys)) {
      if (!/^[\w-]+:.+/.test(key)) add('error', at + pointer(key), `${key}: a condition key is written service:Key, such as aws:SourceIp.`);
      if (name !== 'IpAddress' && name !== 'NotIpAddress') continue;
      for (const value of strings(values)) {
        const problem = cidrError(value);
        if (problem) add('error', at + pointer(key), problem);
      }
    }
  }
}

function lintWisdom(statement: JsonObject, path: string, kind: PolicyKind, add: Add): void {
  const allow = statement.Effect === 'Allow';
  const actions = strings(statement.Action).map((action) => action.toLowerCase());
  const condition = isObject(statement.Condition ?? null) ? (statement.Condition as JsonObject) : {};
  const keysOf = (operator: string) => (isObject(condition[operator] ?? null) ? Object.keys(condition[operator] as JsonObject) : []);
  const scans = actions.some((action) => ['*', 'dynamodb:*', 'dynamodb:scan'].includes(action));
  for (const operator of Object.keys(condition).filter((one) => one.startsWith('ForAllValues:'))) {
    if (allow && scans && keysOf(operator).some((key) => /leadingkeys|firstpartitionkeyvalues/i.test(key))) {
      add('warning', `${path}/Condition${pointer(operator)}`, 'ForAllValues is also true for a Scan, which names no key. Leave dynamodb:Scan out of this statement.');
    }
    if (allow && keysOf(operator).some((key) => /dynamodb:attributes/i.test(key))) {
      if (!Object.keys(condition).some((one) => keysOf(one).some((key) => /dynamodb:select/i.test(key)))) {
        add('warning', `${path}/Condition${pointer(operator)}`, 'dynamodb:Attributes looks at names in the request: pair it with StringEqualsIfExists dynamodb:Select SPECIFIC_ATTRIBUTES.');
      }
      if (actions.some((action) => /putitem|deleteitem|batchwriteitem/.test(action))) {
        add('warning', `${path}/Action`, 'PutItem, DeleteItem and BatchWriteItem replace whole items, so a limit on attributes cannot hold for them.');
      }
    }
  }
  if (kind === 'identity' && allow && actions.includes('*') && strings(statement.Resource).includes('*') && !statement.Condition) {
    add('warning', path, 'This allows everything to whoever has it.');
  }
  if (kind === 'trust' && allow && !statement.Condition) {
    const anyone = statement.Principal === '*' || (isObject(statement.Principal ?? null) && strings((statement.Principal as JsonObject).AWS).includes('*'));
    if (anyone) add('warning', `${path}/Principal`, 'Anyone with an account may assume this role; add a Condition.');
  }
}
