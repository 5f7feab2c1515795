import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Select from '@cloudscape-design/components/select';
import Toggle from '@cloudscape-design/components/toggle';
import { ReactNode, useState } from 'react';
import { call } from '../../api/dynamodb';
import type { TableDescription } from '../../api/types';
import { useDialect } from '../../app/dialect';
import { useNotify } from '../../app/notify';
import { useAllowed, useArns } from '../../app/permissions';
import { useRefreshTables, useTtl } from '../../app/tables';
import { useTarget } from '../../app/target';

export function Settings({ table }: { table: TableDescription }) {
  const dialect = useDialect();
  return (
    <SpaceBetween size="m">
      <Capacity table={table} />
      {dialect.ttl && <TimeToLive table={table} />}
      <Protection table={table} />
      <TableClass table={table} />
    </SpaceBetween>
  );
}

// What all settings have in common: one call, told about afterwards.
function useSave(table: TableDescription) {
  const notify = useNotify();
  const refresh = useRefreshTables();
  const [busy, setBusy] = useState(false);
  const save = async (what: string, work: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await work();
      notify.success(`${what} saved.`);
    } catch (error) {
      notify.failure(`${what} was not saved`, error);
    }
    setBusy(false);
    refresh(table.TableName);
  };
  return { busy, save };
}

interface SectionProps {
  title: string;
  description: string;
  dirty: boolean;
  busy: boolean;
  valid?: boolean;
  action: string;
  table: TableDescription;
  onSave: () => void;
  onReset: () => void;
  children: ReactNode;
}

function Section({ title, description, dirty, busy, valid = true, action, table, onSave, onReset, children }: SectionProps) {
  const arns = useArns();
  const { allowed, reason } = useAllowed(action, arns.table(table.TableName));
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={description}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={!dirty || busy} onClick={onReset}>
                Undo
              </Button>
              <Button variant="primary" loading={busy} disabled={!dirty || !valid || !allowed} disabledReason={reason} onClick={onSave}>
                Save
              </Button>
            </SpaceBetween>
          }
        >
          {title}
        </Header>
      }
    >
      {children}
    </Container>
  );
}

function Capacity({ table }: { table: TableDescription }) {
  const { target } = useTarget();
  const { busy, save } = useSave(table);
  const mode = table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST' ? 'PAY_PER_REQUEST' : 'PROVISIONED';
  const start = {
    mode,
    read: String(table.ProvisionedThroughput?.ReadCapacityUnits || 5),
    write: String(table.ProvisionedThroughput?.WriteCapacityUnits || 5),
  };
  const [draft, setDraft] = useState<typeof start>();
  const form = draft ?? start;
  const valid = form.mode === 'PAY_PER_REQUEST' || (/^[1-9]\d*$/.test(form.read) && /^[1-9]\d*$/.test(form.write));
  const units = { ReadCapacityUnits: Number(form.read), WriteCapacityUnits: Number(form.write) };
  const indexes = form.mode === 'PROVISIONED' && mode === 'PAY_PER_REQUEST' ? (table.GlobalSecondaryIndexes ?? []) : [];
  return (
    <Section
      title="Capacity"
      description="How many requests the table serves before it throttles."
      action="dynamodb:UpdateTable"
      table={table}
      dirty={!!draft && JSON.stringify(draft) !== JSON.stringify(start)}
      valid={valid}
      busy={busy}
      onReset={() => setDraft(undefined)}
      onSave={() =>
        void save('Capacity', () =>
          call(target, 'UpdateTable', {
            TableName: table.TableName,
            BillingMode: form.mode,
            ...(form.mode === 'PROVISIONED' ? { ProvisionedThroughput: units } : {}),
            ...(indexes.length ? { GlobalSecondaryIndexUpdates: indexes.map((index) => ({ Update: { IndexName: index.IndexName, ProvisionedThroughput: units } })) } : {}),
          }),
        ).then(() => setDraft(undefined))
      }
    >
      <SpaceBetween size="s">
        <RadioGroup
          value={form.mode}
          onChange={({ detail }) => setDraft({ ...form, mode: detail.value as typeof mode })}
          items={[
            { value: 'PAY_PER_REQUEST', label: 'On-demand' },
            { value: 'PROVISIONED', label: 'Provisioned' },
          ]}
        />
        {form.mode === 'PROVISIONED' && (
          <ColumnLayout columns={2}>
            <FormField label="Read capacity units" errorText={/^[1-9]\d*$/.test(form.read) ? undefined : 'At least 1.'}>
              <Input type="number" value={form.read} onChange={({ detail }) => setDraft({ ...form, read: detail.value })} />
            </FormField>
            <FormField label="Write capacity units" errorText={/^[1-9]\d*$/.test(form.write) ? undefined : 'At least 1.'}>
              <Input type="number" value={form.write} onChange={({ detail }) => setDraft({ ...form, write: detail.value })} />
            </FormField>
          </ColumnLayout>
        )}
      </SpaceBetween>
    </Section>
  );
}

function TimeToLive({ table }: { table: TableDescription }) {
  const { target } = useTarget();
  const { data: ttl } = useTtl(table.TableName);
  const { busy, save } = useSave(table);
  const on = ttl?.TimeToLiveStatus === 'ENABLED' || ttl?.TimeToLiveStatus === 'ENABLING';
  const start = { on, attribute: ttl?.AttributeName ?? '' };
  const [draft, setDraft] = useState<typeof start>();
  const form = draft ?? start;
  return (
    <Section
      title="Time to live"
      description="Items are deleted after the time one of their attributes holds, in epoch seconds."
      action="dynamodb:UpdateTimeToLive"
      table={table}
      dirty={!!draft && (draft.on !== start.on || (draft.on && draft.attribute !== start.attribute))}
      valid={form.attribute !== ''}
      busy={busy}
      onReset={() => setDraft(undefined)}
      onSave={() =>
        void save('Time to live', () =>
          call(target, 'UpdateTimeToLive', { TableName: table.TableName, TimeToLiveSpecification: { Enabled: form.on, AttributeName: form.on ? form.attribute : start.attribute } }),
        ).then(() => setDraft(undefined))
      }
    >
      <SpaceBetween size="s">
        <Toggle checked={form.on} onChange={({ detail }) => setDraft({ ...form, on: detail.checked })}>
          Delete expired items
        </Toggle>
        {form.on && (
          <FormField label="Attribute">
            <Input value={form.attribute} disabled={on} placeholder="expires_at" spellcheck={false} onChange={({ detail }) => setDraft({ ...form, attribute: detail.value })} />
          </FormField>
        )}
      </SpaceBetween>
    </Section>
  );
}

function Protection({ table }: { table: TableDescription }) {
  const { target } = useTarget();
  const { busy, save } = useSave(table);
  const start = table.DeletionProtectionEnabled ?? false;
  const [draft, setDraft] = useState<boolean>();
  const on = draft ?? start;
  return (
    <Section
      title="Deletion protection"
      description="While it is on, the table cannot be deleted."
      action="dynamodb:UpdateTable"
      table={table}
      dirty={on !== start}
      busy={busy}
      onReset={() => setDraft(undefined)}
      onSave={() => void save('Deletion protection', () => call(target, 'UpdateTable', { TableName: table.TableName, DeletionProtectionEnabled: on })).then(() => setDraft(undefined))}
    >
      <Toggle checked={on} onChange={({ detail }) => setDraft(detail.checked)}>
        Deletion protection
      </Toggle>
    </Section>
  );
}

const CLASSES = [
  { value: 'STANDARD', label: 'Standard' },
  { value: 'STANDARD_INFREQUENT_ACCESS', label: 'Standard, infrequent access' },
];

function TableClass({ table }: { table: TableDescription }) {
  const { target } = useTarget();
  const { busy, save } = useSave(table);
  const start = table.TableClassSummary?.TableClass ?? 'STANDARD';
  const [draft, setDraft] = useState<string>();
  const value = draft ?? start;
  return (
    <Section
      title="Table class"
      description="A label that tools for AWS ask for."
      action="dynamodb:UpdateTable"
      table={table}
      dirty={value !== start}
      busy={busy}
      onReset={() => setDraft(undefined)}
      onSave={() => void save('Table class', () => call(target, 'UpdateTable', { TableName: table.TableName, TableClass: value })).then(() => setDraft(undefined))}
    >
      <FormField label="Class">
        <Select selectedOption={CLASSES.find((one) => one.value === value)!} options={CLASSES} onChange={({ detail }) => setDraft(detail.selectedOption.value)} />
      </FormField>
    </Section>
  );
}
