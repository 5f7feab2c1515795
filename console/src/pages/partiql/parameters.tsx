import FormField from '@cloudscape-design/components/form-field';
import { ATTRIBUTE_TYPES, AttributeType, AttributeValue, TYPE_NAMES } from '../../model/attribute';
import { typedValue } from '../../model/filter';

export interface Parameter {
  type: AttributeType;
  text: string;
}

const NONE: Parameter = { type: 'S', text: '' };

// Values for the question marks of a statement, in order. Throws what is wrong with one.
export function parameterValues(parameters: Parameter[], count: number): () => AttributeValue[] {
  return () => Array.from({ length: count }, (_, index) => {
    const { type, text } = parameters[index] ?? NONE;
    return typedValue(type, text, `parameter ${index + 1}`);
  });
}

export function ParametersForm({ count, value, onChange }: { count: number; value: Parameter[]; onChange: (value: Parameter[]) => void }) {
  const set = (index: number, values: Partial<Parameter>) => onChange(Array.from({ length: count }, (_, at) => ({ ...(value[at] ?? NONE), ...(at === index ? values : {}) })));
  return (
    <FormField label="Parameters" description="For the question marks, in order.">
      <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(280px, 1fr))', gap: 8 }}>
        {Array.from({ length: count }, (_, index) => (
          <div key={index} style={{ display: 'flex', gap: 8 }}>
            <select className="field-input" style={{ width: '8rem' }} aria-label={`Type of parameter ${index + 1}`} value={(value[index] ?? NONE).type} onChange={(event) => set(index, { type: event.target.value as AttributeType })}>
              {ATTRIBUTE_TYPES.map((type) => (
                <option key={type} value={type}>
                  {TYPE_NAMES[type]}
                </option>
              ))}
            </select>
            <input className="field-input" aria-label={`Parameter ${index + 1}`} value={(value[index] ?? NONE).text} onChange={(event) => set(index, { text: event.target.value })} />
          </div>
        ))}
      </div>
    </FormField>
  );
}
