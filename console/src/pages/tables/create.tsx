import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { call, Target } from '../../api/dynamodb';
import { useNotify } from '../../app/notify';
import { useRefreshTables, useTableNames } from '../../app/tables';
import { useDialect } from '../../app/dialect';
import { useTarget } from '../../app/target';
import { CodeDialog } from '../../components/code-dialog';
import { Code } from '../../components/copy';
import { ErrorAlert } from '../../components/error-alert';
import { Page } from '../../components/page';
import { createTableInput, IndexForm, newIndexForm, newTableForm, tableErrors, TableForm } from '../../model/table-form';
import { IndexEditor } from './index-editor';
import { KeyInput } from './key-input';
import { TagsEditor } from './tags-editor';

const STREAMS = [
  { value: '', label: 'No stream' },
  { value: 'NEW_AND_OLD_IMAGES', label: 'New and old images' },
  { value: 'NEW_IMAGE', label: 'New image' },
  { value: 'OLD_IMAGE', label: 'Old image' },
  { value: 'KEYS_ONLY', label: 'Keys only' },
];

export default function CreateTable() {
  const { target } = useTarget();
  const navigate = useNavigate();
  const notify = useNotify();
  const refresh = useRefreshTables();
  const dialect = useDialect();
  const { data: names = [] } = useTableNames();
  const [form, setForm] = useState<TableForm>(newTableForm);
  const [touched, setTouched] = useState(new Set<string>());
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [code, setCode] = useState(false);

  const set = (values: Partial<TableForm>, field?: string) => {
    setForm((now) => ({ ...now, ...values }));
    if (field) setTouched((now) => new Set(now).add(field));
  };
  const errors = tableErrors(form, names);
  // What has not been typed yet is not held against anyone.
  const shown = (field: string) => (tried || touched.has(field) || valueAt(form, field) !== '' ? errors[field] : undefined);
  const valid = Object.keys(errors).length === 0;
  const setIndex = (position: number, index: IndexForm | undefined) =>
    set({ indexes: index ? form.indexes.map((old, at) => (at === position ? index : old)) : form.indexes.filter((_, at) => at !== position) });

  const create = async () => {
    setTried(true);
    if (!valid || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await call(target, 'CreateTable', createTableInput(form));
      if (form.ttl) await enableTtl(target, form.name, form.ttl);
      notify.success(`${form.name} was created.`);
      refresh(form.name);
      navigate(`/tables/${encodeURIComponent(form.name)}`);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return (
    <Page title="Create table">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" disabled={!valid} onClick={() => setCode(true)}>
                Show as code
              </Button>
              <Button formAction="none" onClick={() => navigate('/tables')}>
                Cancel
              </Button>
              <Button variant="primary" formAction="submit" loading={busy} disabled={tried && !valid}>
                Create table
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="m">
            <ErrorAlert error={error} header="The table was not created" />
            <Container header={<Header variant="h2">Name and key</Header>}>
              <SpaceBetween size="m">
                <FormField label="Table name" constraintText={'3 to 255 letters, digits, "_", "." and "-".'} errorText={shown('name')}>
                  <Input value={form.name} autoFocus spellcheck={false} autoComplete={false} onBlur={() => form.name && set({}, 'name')} onChange={({ detail }) => set({ name: detail.value })} />
                </FormField>
                <ColumnLayout columns={2}>
                  <KeyInput label="Partition key" description="Spreads items over partitions; a query names one value of it." value={form.partition} error={shown('partition')} onChange={(partition) => set({ partition })} />
                  <KeyInput label="Sort key (optional)" description="Orders the items that share a partition key." value={form.sort} error={errors.sort} onChange={(sort) => set({ sort })} />
                </ColumnLayout>
              </SpaceBetween>
            </Container>
            <Container
              header={
                <Header
                  variant="h2"
                  counter={form.indexes.length ? `(${form.indexes.length})` : undefined}
                  actions={
                    <SpaceBetween direction="horizontal" size="xs">
                      <Button formAction="none" disabled={!form.sort.name} disabledReason="A local index needs a table with a sort key." onClick={() => set({ indexes: [...form.indexes, newIndexForm('lsi')] })}>
                        Add local index
                      </Button>
                      <Button formAction="none" onClick={() => set({ indexes: [...form.indexes, newIndexForm('gsi')] })}>
                        Add global index
                      </Button>
                    </SpaceBetween>
                  }
                  description="Other keys to query by. Global indexes can be added later, local ones only now."
                >
                  Secondary indexes
                </Header>
              }
            >
              <SpaceBetween size="l">
                {errors.indexes && <Alert type="error">{errors.indexes}</Alert>}
                {form.indexes.map((index, position) => (
                  <IndexEditor
                    key={position}
                    index={index}
                    table={form}
                    provisioned={form.billing === 'PROVISIONED'}
                    error={(part) => shown(`indexes.${position}.${part}`)}
                    onChange={(next) => setIndex(position, next)}
                    onRemove={() => setIndex(position, undefined)}
                  />
                ))}
              </SpaceBetween>
            </Container>
            <Container header={<Header variant="h2">Capacity</Header>}>
              <SpaceBetween size="m">
                <RadioGroup
                  value={form.billing}
                  onChange={({ detail }) => set({ billing: detail.value as TableForm['billing'] })}
                  items={[
                    { value: 'PAY_PER_REQUEST', label: 'On-demand', description: 'Grows with the requests that come.' },
                    { value: 'PROVISIONED', label: 'Provisioned', description: 'A fixed rate; requests beyond it are throttled.' },
                  ]}
                />
                {form.billing === 'PROVISIONED' && (
                  <ColumnLayout columns={2}>
                    <FormField label="Read capacity units" errorText={errors.readUnits}>
                      <Input type="number" inputMode="numeric" value={form.readUnits} onChange={({ detail }) => set({ readUnits: detail.value })} />
                    </FormField>
                    <FormField label="Write capacity units" errorText={errors.writeUnits}>
                      <Input type="number" inputMode="numeric" value={form.writeUnits} onChange={({ detail }) => set({ writeUnits: detail.value })} />
                    </FormField>
                  </ColumnLayout>
                )}
              </SpaceBetween>
            </Container>
            <Container header={<Header variant="h2">Settings</Header>}>
              <SpaceBetween size="m">
                <ColumnLayout columns={3}>
                  <FormField label="Stream" description="What a stream record holds of a changed item.">
                    <Select
                      selectedOption={STREAMS.find((one) => one.value === form.stream)!}
                      options={STREAMS}
                      disabled={!dialect.streams}
                      onChange={({ detail }) => set({ stream: detail.selectedOption.value as TableForm['stream'] })}
                    />
                  </FormField>
                  <FormField label="Time to live attribute" description="Holds the time, in epoch seconds, after which an item is deleted." errorText={errors.ttl}>
                    <Input value={form.ttl} placeholder="None" spellcheck={false} disabled={!dialect.ttl} onChange={({ detail }) => set({ ttl: detail.value })} />
                  </FormField>
                  <FormField label="Table class">
                    <Select
                      selectedOption={{ value: form.tableClass, label: form.tableClass === 'STANDARD' ? 'Standard' : 'Standard, infrequent access' }}
                      options={[
                        { value: 'STANDARD', label: 'Standard' },
                        { value: 'STANDARD_INFREQUENT_ACCESS', label: 'Standard, infrequent access' },
                      ]}
                      onChange={({ detail }) => set({ tableClass: detail.selectedOption.value as TableForm['tableClass'] })}
                    />
                  </FormField>
                </ColumnLayout>
                <Checkbox checked={form.protection} onChange={({ detail }) => set({ protection: detail.checked })} description="The table cannot be deleted until this is turned off.">
                  Deletion protection
                </Checkbox>
                <TagsEditor tags={form.tags} errors={errors} onChange={(tags) => set({ tags })} />
              </SpaceBetween>
            </Container>
            <ExpandableSection headerText="Request">
              <Code label="request" text={`CreateTable\n${JSON.stringify(createTableInput(form), null, 2)}`} />
            </ExpandableSection>
          </SpaceBetween>
        </Form>
      </form>
      {code && <CodeDialog query={{ language: 'json', operation: 'CreateTable', body: JSON.stringify(createTableInput(form)), variables: [] }} onClose={() => setCode(false)} />}
    </Page>
  );
}

function valueAt(form: TableForm, field: string): string {
  if (field === 'name') return form.name;
  if (field === 'partition') return form.partition.name;
  const index = /^indexes\.(\d+)\.(?:(name|include|readUnits|writeUnits)|(partition|sort)\.(\d+))$/.exec(field);
  const one = index && form.indexes[Number(index[1])];
  if (!one) return '';
  if (index[2]) return one[index[2] as 'name'];
  return one[index[3] as 'sort'][Number(index[4])]?.name ?? '';
}

// TTL is a call of its own, for which the table has to be there.
async function enableTtl(target: Target, table: string, attribute: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const { output } = await call(target, 'DescribeTable', { TableName: table });
    if (output.Table.TableStatus === 'ACTIVE') break;
    if (attempt > 60) throw new Error(`${table} was created, but is not active yet; turn on time to live under its settings later.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await call(target, 'UpdateTimeToLive', { TableName: table, TimeToLiveSpecification: { Enabled: true, AttributeName: attribute } });
}
