import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { IndexForm, KeyField } from '../../model/table-form';
import { KeyInput } from './key-input';

const PROJECTIONS = [
  { value: 'ALL', label: 'All attributes' },
  { value: 'KEYS_ONLY', label: 'Keys only' },
  { value: 'INCLUDE', label: 'Keys and some attributes' },
];

interface Props {
  index: IndexForm;
  table: { partition: KeyField };
  provisioned: boolean;
  error: (part: string) => string | undefined;
  onChange: (index: IndexForm) => void;
  onRemove?: () => void;
}

// One index; a global one may have up to four attributes in each half of its key.
export function IndexEditor({ index, table, provisioned, error, onChange, onRemove }: Props) {
  const set = (values: Partial<IndexForm>) => onChange({ ...index, ...values });
  const global = index.kind === 'gsi';
  const half = (which: 'partition' | 'sort', label: string) => (
    <SpaceBetween size="xs">
      {index[which].map((key, position) => (
        <div key={position} style={{ display: 'flex', gap: 4, alignItems: 'end' }}>
          <div style={{ flex: 1 }}>
            <KeyInput
              label={index[which].length > 1 ? `${label}, attribute ${position + 1}` : label}
              value={key}
              error={error(`${which}.${position}`)}
              onChange={(next) => set({ [which]: index[which].map((old, at) => (at === position ? next : old)) })}
            />
          </div>
          {global && (which === 'sort' || index[which].length > 1) && (
            <Button formAction="none" variant="icon" iconName="close" ariaLabel={`Remove attribute ${position + 1} of the ${label.toLowerCase()}`} onClick={() => set({ [which]: index[which].filter((_, at) => at !== position) })} />
          )}
        </div>
      ))}
      {global && index[which].length < 4 && (
        <Button formAction="none" variant="inline-link" iconName="add-plus" onClick={() => set({ [which]: [...index[which], { name: '', type: 'S' }] })}>
          {index[which].length ? `Another attribute for the ${label.toLowerCase()}` : `Add ${label.toLowerCase()}`}
        </Button>
      )}
    </SpaceBetween>
  );
  return (
    <SpaceBetween size="s">
      <div className="toolbar">
        <Box variant="h3">{global ? 'Global index' : 'Local index'}</Box>
        {onRemove && (
          <Button formAction="none" variant="icon" iconName="close" ariaLabel={`Remove index ${index.name}`} onClick={onRemove} />
        )}
      </div>
      <ColumnLayout columns={3}>
        <FormField label="Index name" errorText={error('name')}>
          <Input value={index.name} spellcheck={false} autoComplete={false} onChange={({ detail }) => set({ name: detail.value })} />
        </FormField>
        {global ? half('partition', 'Partition key') : <FormField label="Partition key">{table.partition.name || 'That of the table'}</FormField>}
        {half('sort', 'Sort key')}
      </ColumnLayout>
      <ColumnLayout columns={3}>
        <FormField label="Projected attributes" description="What can be read from the index itself.">
          <Select
            selectedOption={PROJECTIONS.find((one) => one.value === index.projection)!}
            options={PROJECTIONS}
            onChange={({ detail }) => set({ projection: detail.selectedOption.value as IndexForm['projection'] })}
          />
        </FormField>
        {index.projection === 'INCLUDE' && (
          <FormField label="Attributes" description="Comma-separated." errorText={error('include')}>
            <Input value={index.include} spellcheck={false} onChange={({ detail }) => set({ include: detail.value })} />
          </FormField>
        )}
        {global && provisioned && (
          <FormField label="Read and write capacity units" errorText={error('readUnits') ?? error('writeUnits')}>
            <div style={{ display: 'flex', gap: 8 }}>
              <Input type="number" ariaLabel="Read capacity units" value={index.readUnits} onChange={({ detail }) => set({ readUnits: detail.value })} />
              <Input type="number" ariaLabel="Write capacity units" value={index.writeUnits} onChange={({ detail }) => set({ writeUnits: detail.value })} />
            </div>
          </FormField>
        )}
      </ColumnLayout>
    </SpaceBetween>
  );
}
