import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import type { KeyField } from '../../model/table-form';

const TYPES = [
  { value: 'S', label: 'String' },
  { value: 'N', label: 'Number' },
  { value: 'B', label: 'Binary' },
];

interface Props {
  label: string;
  description?: string;
  value: KeyField;
  error?: string;
  onChange: (value: KeyField) => void;
}

export function KeyInput({ label, description, value, error, onChange }: Props) {
  return (
    <FormField label={label} description={description} errorText={error}>
      <div style={{ display: 'flex', gap: 8 }}>
        <div style={{ flex: 1 }}>
          <Input value={value.name} ariaLabel={label} placeholder="Attribute name" spellcheck={false} autoComplete={false} onChange={({ detail }) => onChange({ ...value, name: detail.value })} />
        </div>
        <div style={{ flex: '0 0 8rem' }}>
          <Select
            selectedOption={TYPES.find((one) => one.value === value.type)!}
            options={TYPES}
            ariaLabel={`Type of ${label}`}
            onChange={({ detail }) => onChange({ ...value, type: detail.selectedOption.value as KeyField['type'] })}
          />
        </div>
      </div>
    </FormField>
  );
}
