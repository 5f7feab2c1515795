// The form that creates a table: what is wrong with it as it stands, and the request it makes.
// Source: API Reference, "CreateTable"; semantics of names, counts and keys.
import type { KeyType } from './schema';

export interface KeyField {
  name: string;
  type: KeyType;
}

export interface IndexForm {
  kind: 'lsi' | 'gsi';
  name: string;
  partition: KeyField[]; // Empty for a local index: it has the table's.
  sort: KeyField[];
  projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  include: string;
  readUnits: string;
  writeUnits: string;
}

export interface TableForm {
  name: string;
  partition: KeyField;
  sort: KeyField; // An empty name: no sort key.
  indexes: IndexForm[];
  billing: 'PAY_PER_REQUEST' | 'PROVISIONED';
  readUnits: string;
  writeUnits: string;
  stream: '' | 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';
  ttl: string;
  tags: { key: string; value: string }[];
  tableClass: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
  protection: boolean;
}

export function newTableForm(): TableForm {
  return {
    name: '',
    partition: { name: '', type: 'S' },
    sort: { name: '', type: 'S' },
    indexes: [],
    billing: 'PAY_PER_REQUEST',
    readUnits: '5',
    writeUnits: '5',
    stream: '',
    ttl: '',
    tags: [],
    tableClass: 'STANDARD',
    protection: false,
  };
}

export function newIndexForm(kind: 'lsi' | 'gsi'): IndexForm {
  return {
    kind,
    name: '',
    partition: kind === 'gsi' ? [{ name: '', type: 'S' }] : [],
    sort: kind === 'lsi' ? [{ name: '', type: 'S' }] : [],
    projection: 'ALL',
    include: '',
    readUnits: '5',
    writeUnits: '5',
  };
}

// Messages by field: `name`, `partition`, `indexes.0.sort.1`, ...
export type FormErrors = Record<string, string>;

export function nameError(name: string, what: string): string | undefined {
  if (name.length < 3 || name.length > 255) return `${what} has 3 to 255 characters.`;
  return /^[a-zA-Z0-9_.-]+$/.test(name) ? undefined : `${what} has letters, digits, "_", "." and "-" only.`;
}

function keyError(name: string): string | undefined {
  const bytes = new TextEncoder().encode(name).length;
  if (bytes === 0) return 'The attribute name is missing.';
  return bytes > 255 ? 'The name of a key attribute has at most 255 bytes.' : undefined;
}

function unitsError(text: string): string | undefined {
  return /^[1-9]\d*$/.test(text) ? undefined : 'At least 1.';
}

export function tableErrors(form: TableForm, existing: string[] = []): FormErrors {
  const errors: FormErrors = {};
  const set = (field: string, message: string | undefined) => {
    if (message && !(field in errors)) errors[field] = message;
  };
  set('name', nameError(form.name, 'A table name'));
  if (existing.includes(form.name)) set('name', `A table ${form.name} exists already.`);
  set('partition', keyError(form.partition.name));
  if (form.sort.name) {
    set('sort', keyError(form.sort.name));
    if (form.sort.name === form.partition.name) set('sort', 'Partition key and sort key need different attributes.');
  }
  if (form.billing === 'PROVISIONED') {
    set('readUnits', unitsError(form.readUnits));
    set('writeUnits', unitsError(form.writeUnits));
  }
  if (new TextEncoder().encode(form.ttl).length > 255) set('ttl', 'At most 255 bytes.');
  const lsis = form.indexes.filter((index) => index.kind === 'lsi').length;
  if (lsis > 5) set('indexes', 'A table has at most 5 local indexes.');
  if (form.indexes.length - lsis > 20) set('indexes', 'A table has at most 20 global indexes.');
  form.indexes.forEach((index, position) => indexErrors(form, index, position, set));
  tagErrors(form.tags, set);
  typeConflicts(form, set);
  return errors;
}

function indexErrors(form: TableForm, index: IndexForm, position: number, set: (field: string, message?: string) => void): void {
  const field = (part: string) => `indexes.${position}.${part}`;
  set(field('name'), nameError(index.name, 'An index name'));
  if (form.indexes.some((other, at) => at < position && other.name === index.name)) set(field('name'), 'Another index has this name.');
  if (index.kind === 'lsi' && !form.sort.name) set(field('name'), 'A local index needs a table with a sort key.');
  const keys = [...index.partition.map((key, at) => ({ key, part: `partition.${at}` })), ...index.sort.map((key, at) => ({ key, part: `sort.${at}` }))];
  const seen = new Set<string>();
  for (const { key, part } of keys) {
    set(field(part), keyError(key.name));
    if (seen.has(key.name)) set(field(part), 'This attribute is already in the key.');
    seen.add(key.name);
  }
  if (index.kind === 'lsi' && index.sort[0]?.name === form.partition.name && form.partition.name) {
    set(field('sort.0'), 'The partition key cannot be the sort key as well.');
  }
  if (index.projection === 'INCLUDE') {
    const names = includedNames(index);
    if (names.length === 0) set(field('include'), 'Name at least one attribute.');
    if (names.length > 20) set(field('include'), 'At most 20 attributes per index.');
    if (new Set(names).size !== names.length) set(field('include'), 'An attribute is named twice.');
  }
  if (index.kind === 'gsi' && form.billing === 'PROVISIONED') {
    set(field('readUnits'), unitsError(index.readUnits));
    set(field('writeUnits'), unitsError(index.writeUnits));
  }
}

export function tagErrors(tags: { key: string; value: string }[], set: (field: string, message?: string) => void): void {
  if (tags.length > 50) set('tags', 'A table has at most 50 tags.');
  const seen = new Set<string>();
  tags.forEach((tag, position) => {
    const field = `tags.${position}`;
    if (tag.key === '') set(field, 'A tag needs a key.');
    else if (tag.key.length > 128) set(field, 'A tag key has at most 128 characters.');
    else if (tag.key.toLowerCase().startsWith('aws:')) set(field, 'Keys that begin with aws: are reserved.');
    else if (seen.has(tag.key)) set(field, 'This key is there already.');
    if (tag.value.length > 256) set(field, 'A tag value has at most 256 characters.');
    seen.add(tag.key);
  });
}

// An attribute used in several keys has one type.
function typeConflicts(form: TableForm, set: (field: string, message?: string) => void): void {
  const types = new Map<string, KeyType>();
  for (const { field, key } of keyFields(form)) {
    const known = types.get(key.name);
    if (known && known !== key.type) set(field, `"${key.name}" is ${known} elsewhere; an attribute has one type.`);
    else if (key.name) types.set(key.name, key.type);
  }
}

function keyFields(form: TableForm): { field: string; key: KeyField }[] {
  return [
    { field: 'partition', key: form.partition },
    ...(form.sort.name ? [{ field: 'sort', key: form.sort }] : []),
    ...form.indexes.flatMap((index, position) => [
      ...index.partition.map((key, at) => ({ field: `indexes.${position}.partition.${at}`, key })),
      ...index.sort.map((key, at) => ({ field: `indexes.${position}.sort.${at}`, key })),
    ]),
  ];
}

export function includedNames(index: IndexForm): string[] {
  return index.include.split(',').map((name) => name.trim()).filter((name) => name !== '');
}

const throughput = (read: string, write: string) => ({ ReadCapacityUnits: Number(read), WriteCapacityUnits: Number(write) });

const schema = (partition: KeyField[], sort: KeyField[]) => [
  ...partition.map((key) => ({ AttributeName: key.name, KeyType: 'HASH' })),
  ...sort.map((key) => ({ AttributeName: key.name, KeyType: 'RANGE' })),
];

export function indexDefinition(index: IndexForm, tablePartition: KeyField, provisioned: boolean): Record<string, unknown> {
  return {
    IndexName: index.name,
    KeySchema: schema(index.kind === 'lsi' ? [tablePartition] : index.partition, index.sort),
    Projection: {
      ProjectionType: index.projection,
      ...(index.projection === 'INCLUDE' ? { NonKeyAttributes: includedNames(index) } : {}),
    },
    ...(index.kind === 'gsi' && provisioned ? { ProvisionedThroughput: throughput(index.readUnits, index.writeUnits) } : {}),
  };
}

export function createTableInput(form: TableForm): Record<string, unknown> {
  const sort = form.sort.name ? [form.sort] : [];
  const provisioned = form.billing === 'PROVISIONED';
  const types = new Map(keyFields(form).map(({ key }) => [key.name, key.type]));
  const indexes = (kind: 'lsi' | 'gsi') =>
    form.indexes.filter((index) => index.kind === kind).map((index) => indexDefinition(index, form.partition, provisioned));
  const [lsis, gsis] = [indexes('lsi'), indexes('gsi')];
  return {
    TableName: form.name,
    AttributeDefinitions: [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: schema([form.partition], sort),
    BillingMode: form.billing,
    ...(provisioned ? { ProvisionedThroughput: throughput(form.readUnits, form.writeUnits) } : {}),
    ...(lsis.length ? { LocalSecondaryIndexes: lsis } : {}),
    ...(gsis.length ? { GlobalSecondaryIndexes: gsis } : {}),
    ...(form.stream ? { StreamSpecification: { StreamEnabled: true, StreamViewType: form.stream } } : {}),
    ...(form.tableClass !== 'STANDARD' ? { TableClass: form.tableClass } : {}),
    ...(form.protection ? { DeletionProtectionEnabled: true } : {}),
    ...(form.tags.length ? { Tags: form.tags.map((tag) => ({ Key: tag.key, Value: tag.value })) } : {}),
  };
}
