// Values for the variables of a query, asked for before it runs.
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { QueryVariable } from '../api/queries';
import { TYPE_NAMES } from '../model/attribute';

const TYPES = [...Object.entries(TYPE_NAMES).map(([value, label]) => ({ value, label })), { value: 'name', label: 'Name (attribute, index, table)' }];

interface Props {
  variables: QueryVariable[];
  values: Record<string, string>;
  missing: string[];
  onType: (name: string, type: QueryVariable['type']) => void;
  onValue: (name: string, value: string) => void;
}

export function VariablesForm({ variables, values, missing, onType, onValue }: Props) {
  return (
    <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(280px, 1fr))', gap: 12 }}>
      {variables.map((variable) => (
        <FormField key={variable.name} label={variable.name} errorText={missing.includes(variable.name) && !values[variable.name] ? 'A value is needed.' : undefined}>
          <div style={{ display: 'flex', gap: 8 }}>
            <div style={{ flex: 1 }}>
              {variable.allowed?.length ? (
                <Select selectedOption={values[variable.name] ? { value: values[variable.name], label: values[variable.name] } : null} options={variable.allowed.map((one) => ({ value: one, label: one }))} ariaLabel={`Value of ${variable.name}`} onChange={({ detail }) => onValue(variable.name, detail.selectedOption.value!)} />
              ) : (
                <Input value={values[variable.name] ?? variable.default ?? ''} ariaLabel={`Value of ${variable.name}`} onChange={({ detail }) => onValue(variable.name, detail.value)} />
              )}
            </div>
            <div style={{ flex: '0 0 8rem' }}>
              <Select selectedOption={TYPES.find((one) => one.value === variable.type)!} options={TYPES} ariaLabel={`Type of ${variable.name}`} onChange={({ detail }) => onType(variable.name, detail.selectedOption.value as QueryVariable['type'])} />
            </div>
          </div>
        </FormField>
      ))}
    </div>
  );
}
