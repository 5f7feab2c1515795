import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { ConnectionOption } from '../../api/connections';

interface Props {
  value: Record<string, string>;
  known: ConnectionOption[];
  errors: Partial<Record<string, string>>;
  onChange: (options: Record<string, string>) => void;
}

// Key and value pairs; the known keys are offered with what they do.
export function OptionsEditor({ value, known, errors, onChange }: Props) {
  const [rows, setRows] = useState(() => Object.entries(value).map(([key, text]) => ({ key, text: String(text) })));
  const update = (next: typeof rows) => {
    setRows(next);
    onChange(Object.fromEntries(next.filter((row) => row.key !== '').map((row) => [row.key, row.text])));
  };
  const set = (position: number, values: Partial<(typeof rows)[number]>) => update(rows.map((row, at) => (at === position ? { ...row, ...values } : row)));
  return (
    <>
      <datalist id="connection-options">
        {known.map((one) => (
          <option key={one.key} value={one.key}>
            {one.help}
          </option>
        ))}
      </datalist>
      <AttributeEditor
        items={rows}
        addButtonText="Add option"
        removeButtonText="Remove"
        empty="The defaults are in force."
        onAddButtonClick={() => update([...rows, { key: '', text: '' }])}
        onRemoveButtonClick={({ detail }) => update(rows.filter((_, at) => at !== detail.itemIndex))}
        definition={[
          {
            label: 'Key',
            constraintText: (row) => known.find((one) => one.key === row.key)?.help,
            errorText: (row) => (row.key ? errors[`options.${row.key}`] : undefined),
            control: (row, index) => (
              <Input value={row.key} ariaLabel={`Key of option ${index + 1}`} placeholder="requestTimeoutMs" nativeInputAttributes={{ list: 'connection-options' }} spellcheck={false} onChange={({ detail }) => set(index, { key: detail.value.trim() })} />
            ),
          },
          {
            label: 'Value',
            control: (row, index) => {
              const option = known.find((one) => one.key === row.key);
              const values = option?.kind === 'boolean' ? ['true', 'false'] : option?.values;
              return values?.length ? (
                <Select selectedOption={row.text ? { value: row.text, label: row.text } : null} placeholder={option?.default === undefined ? 'Choose' : String(option.default)} ariaLabel={`Value of option ${index + 1}`} options={values.map((one) => ({ value: one, label: one }))} onChange={({ detail }) => set(index, { text: detail.selectedOption.value! })} />
              ) : (
                <Input value={row.text} ariaLabel={`Value of option ${index + 1}`} placeholder={option?.default === undefined ? '' : String(option.default)} onChange={({ detail }) => set(index, { text: detail.value })} />
              );
            },
          },
        ]}
      />
    </>
  );
}
