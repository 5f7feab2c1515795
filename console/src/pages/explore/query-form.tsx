import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ReactNode, useState } from 'react';
import type { QueryDraft } from '../../api/queries';
import { useTarget } from '../../app/target';
import { Code } from '../../components/copy';
import { CodeDialog } from '../../components/code-dialog';
import { SaveQuery } from '../../components/save-query';
import { countClauses } from '../../model/filter';
import { ReadCall, ReadForm, SortCondition, SortOperator, emptyForm, readAdvice, readOperation } from '../../model/read-request';
import { ReadTarget, describeKey } from '../../model/schema';
import { FilterBuilder } from './filter-builder';

interface Props {
  form: ReadForm;
  onChange: (form: ReadForm) => void;
  targets: ReadTarget[];
  target: ReadTarget;
  attributes: string[];
  call?: ReadCall; // The request as it stands; absent while something is missing.
  problem?: string;
  busy: boolean;
  onRun: () => void;
  onCancel: () => void;
  tablePicker: ReactNode;
}

const SORT_OPERATORS: { value: SortOperator; label: string }[] = [
  { value: '=', label: '=' },
  { value: '<', label: '<' },
  { value: '<=', label: '≤' },
  { value: '>', label: '>' },
  { value: '>=', label: '≥' },
  { value: 'between', label: 'between' },
  { value: 'begins_with', label: 'begins with' },
];

const KIND = { table: 'Table', lsi: 'Local index', gsi: 'Global index' };
const NO_CONDITION: SortCondition = { operator: '=', value: '', value2: '' };

export function QueryForm(props: Props) {
  const { form, onChange, targets, target, call, problem, busy } = props;
  const { connectionName } = useTarget();
  const [dialog, setDialog] = useState<'code' | 'save'>();
  const set = (values: Partial<ReadForm>) => onChange({ ...form, ...values });
  const operation = readOperation(form);
  const filters = countClauses(form.filter);
  const advice = readAdvice(target, form, targets);
  const options = targets.map((one) => ({
    value: one.index ?? '',
    label: one.index ?? 'Table',
    description: `${KIND[one.kind]}: ${describeKey([...one.partition, ...one.sort])}`,
    labelTag: one.index ? KIND[one.kind] : undefined,
  }));
  const draft: QueryDraft | undefined = call && {
    language: 'json',
    operation: call.operation,
    body: JSON.stringify(call.input, null, 2),
    variables: [],
    valueFormat: 'dynamodb',
    connection: connectionName,
  };
  const runText = `${operation} ${target.index ? `index ${target.index}` : 'table'}`;

  return (
    <Container>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onRun();
        }}
      >
        <SpaceBetween size="s">
          <ColumnLayout columns={2}>
            {props.tablePicker}
            <FormField label="Read from">
              <Select
                selectedOption={options.find((option) => option.value === (form.index ?? ''))!}
                options={options}
                onChange={({ detail }) => onChange({ ...form, index: detail.selectedOption.value || undefined, partition: [], sort: [] })}
              />
            </FormField>
          </ColumnLayout>
          <ColumnLayout columns={2}>
            {target.partition.map((attribute, position) => (
              <FormField key={attribute.name} label={`${attribute.name} (partition key, ${attribute.type})`}>
                <Input
                  value={form.partition[position] ?? ''}
                  placeholder="Empty: scan everything"
                  spellcheck={false}
                  autoComplete={false}
                  onChange={({ detail }) => set({ partition: replaceAt(form.partition, position, detail.value, '') })}
                />
              </FormField>
            ))}
            {target.sort.map((attribute, position) => (
              <SortField
                key={attribute.name}
                label={`${attribute.name} (sort key, ${attribute.type})`}
                operators={attribute.type === 'N' ? SORT_OPERATORS.filter((one) => one.value !== 'begins_with') : SORT_OPERATORS}
                condition={form.sort[position] ?? NO_CONDITION}
                onChange={(condition) => set({ sort: replaceAt(form.sort, position, condition, NO_CONDITION) })}
              />
            ))}
          </ColumnLayout>
          <ExpandableSection headerText={filters ? `Filter (${filters})` : 'Filter'} defaultExpanded={filters > 0}>
            <FilterBuilder group={form.filter} attributes={props.attributes} onChange={(filter) => set({ filter })} />
          </ExpandableSection>
          <ExpandableSection headerText="Options">
            <ColumnLayout columns={3}>
              <FormField label="Attributes to read" description="Comma-separated paths; empty reads all.">
                <Input value={form.projection} placeholder="name, address.city" onChange={({ detail }) => set({ projection: detail.value })} />
              </FormField>
              <FormField label="Items per page">
                <Select
                  selectedOption={{ value: String(form.pageSize), label: String(form.pageSize) }}
                  options={[25, 50, 100, 300, 1000].map((size) => ({ value: String(size), label: String(size) }))}
                  onChange={({ detail }) => set({ pageSize: Number(detail.selectedOption.value) })}
                />
              </FormField>
              <SpaceBetween size="xxs">
                <Checkbox checked={form.consistent} disabled={target.kind === 'gsi'} description={target.kind === 'gsi' ? 'Global indexes have none.' : undefined} onChange={({ detail }) => set({ consistent: detail.checked })}>
                  Strongly consistent read
                </Checkbox>
                <Checkbox checked={form.descending} disabled={operation === 'Scan'} onChange={({ detail }) => set({ descending: detail.checked })}>
                  Descending order of the sort key
                </Checkbox>
              </SpaceBetween>
            </ColumnLayout>
          </ExpandableSection>
          <ExpandableSection headerText="Request" headerDescription={call ? undefined : problem}>
            {call && <Code label="request" text={`${call.operation}\n${JSON.stringify(call.input, null, 2)}`} />}
          </ExpandableSection>
          <div className="toolbar">
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="primary" formAction="submit" disabled={!call || !!problem} disabledReason={problem} loading={busy} loadingText={runText}>
                {runText}
              </Button>
              {busy && (
                <Button formAction="none" onClick={props.onCancel}>
                  Stop
                </Button>
              )}
              <Button formAction="none" onClick={() => onChange({ ...emptyForm(form.pageSize), index: form.index })}>
                Reset
              </Button>
              <Button formAction="none" disabled={!call} onClick={() => setDialog('save')}>
                Save query
              </Button>
              <Button formAction="none" disabled={!call} onClick={() => setDialog('code')}>
                Show as code
              </Button>
            </SpaceBetween>
            <Box color="text-body-secondary" fontSize="body-s">
              {problem ?? advice ?? 'Ctrl+Enter runs it.'}
            </Box>
          </div>
        </SpaceBetween>
      </form>
      {dialog === 'code' && draft && <CodeDialog query={draft} onClose={() => setDialog(undefined)} />}
      {dialog === 'save' && draft && <SaveQuery draft={draft} onClose={() => setDialog(undefined)} onSaved={() => undefined} />}
    </Container>
  );
}

function replaceAt<T>(list: T[], position: number, value: T, filler: T): T[] {
  const copy = [...list];
  while (copy.length < position) copy.push(filler);
  copy[position] = value;
  return copy;
}

interface SortProps {
  label: string;
  operators: typeof SORT_OPERATORS;
  condition: SortCondition;
  onChange: (condition: SortCondition) => void;
}

function SortField({ label, operators, condition, onChange }: SortProps) {
  return (
    <FormField label={label}>
      <div style={{ display: 'flex', gap: 8 }}>
        <div style={{ flex: '0 0 8.5rem' }}>
          <Select
            selectedOption={operators.find((one) => one.value === condition.operator) ?? operators[0]!}
            options={operators}
            ariaLabel={`Comparison of ${label}`}
            onChange={({ detail }) => onChange({ ...condition, operator: detail.selectedOption.value as SortOperator })}
          />
        </div>
        <div style={{ flex: 1 }}>
          <Input value={condition.value} placeholder="Any" spellcheck={false} autoComplete={false} ariaLabel={label} onChange={({ detail }) => onChange({ ...condition, value: detail.value })} />
        </div>
        {condition.operator === 'between' && (
          <div style={{ flex: 1 }}>
            <Input value={condition.value2} placeholder="and" spellcheck={false} autoComplete={false} ariaLabel={`Upper value of ${label}`} onChange={({ detail }) => onChange({ ...condition, value2: detail.value })} />
          </div>
        )}
      </div>
    </FormField>
  );
}
