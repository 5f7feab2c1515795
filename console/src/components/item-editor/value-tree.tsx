// An item as a form: one row per attribute with its type, nested values indented below.
import Button from '@cloudscape-design/components/button';
import { memo, useState } from 'react';
import {
  ATTRIBUTE_TYPES,
  AttributeType,
  AttributeValue,
  InvalidValue,
  Item,
  TYPE_NAMES,
  base64Bytes,
  checkValue,
  initialValue,
  typeOf,
} from '../../model/attribute';
import { compareNumbers, numberError } from '../../model/number';
import type { KeyAttribute } from '../../model/schema';

// Changes to another type keep what can be kept: text that is a number becomes one, and back.
export function convertType(value: AttributeValue, type: AttributeType): AttributeValue {
  const from = typeOf(value);
  const scalar = 'S' in value ? value.S : 'N' in value ? value.N : 'BOOL' in value ? String(value.BOOL) : undefined;
  if (type === 'S' && scalar !== undefined) return { S: scalar };
  if (type === 'N' && scalar !== undefined && !numberError(scalar)) return { N: scalar };
  if (type === 'BOOL' && scalar !== undefined) return { BOOL: scalar === 'true' };
  if (type === 'L') {
    if ('SS' in value) return { L: value.SS.map((S) => ({ S })) };
    if ('NS' in value) return { L: value.NS.map((N) => ({ N })) };
    if ('BS' in value) return { L: value.BS.map((B) => ({ B })) };
    return { L: [value] };
  }
  if (type === 'SS' && 'L' in value && value.L.length && value.L.every((one) => 'S' in one)) {
    return { SS: [...new Set(value.L.map((one) => (one as { S: string }).S))] };
  }
  if (type === 'NS' && 'L' in value && value.L.length && value.L.every((one) => 'N' in one)) {
    return { NS: [...new Set(value.L.map((one) => (one as { N: string }).N))].sort(compareNumbers) };
  }
  if (type === 'SS' && from === 'S') return { SS: [scalar!] };
  if (type === 'NS' && from === 'N') return { NS: [scalar!] };
  if (type === 'BS' && 'B' in value) return { BS: [value.B] };
  return initialValue(type);
}

function problemOf(value: AttributeValue): string | undefined {
  if ('L' in value || 'M' in value) return undefined; // Told at the element that has it.
  try {
    checkValue(value);
    return undefined;
  } catch (error) {
    return (error as InvalidValue).message;
  }
}

interface ItemTreeProps {
  item: Item;
  onChange: (item: Item) => void;
  keys: KeyAttribute[];
  keysLocked?: boolean;
  readOnly?: boolean;
}

export function ItemTree({ item, onChange, keys, keysLocked, readOnly }: ItemTreeProps) {
  const first = keys.map((key) => key.name);
  const names = [...first.filter((name) => name in item), ...Object.keys(item).filter((name) => !first.includes(name))];
  return (
    <div className="tree">
      <Members
        entries={names.map((name) => [name, item[name]!])}
        onChange={(entries) => onChange(Object.fromEntries(entries))}
        keys={keys}
        keysLocked={keysLocked}
        readOnly={readOnly}
      />
    </div>
  );
}

interface MembersProps {
  entries: [string, AttributeValue][];
  onChange: (entries: [string, AttributeValue][]) => void;
  keys?: KeyAttribute[];
  keysLocked?: boolean;
  readOnly?: boolean;
}

function Members({ entries, onChange, keys = [], keysLocked, readOnly }: MembersProps) {
  return (
    <>
      {entries.map(([name, value], index) => {
        const key = keys.find((one) => one.name === name);
        return (
          <Field
            key={name}
            name={name}
            suffix={key ? 'key' : undefined}
            value={value}
            locked={readOnly || (!!key && keysLocked)}
            typeLocked={!!key}
            onChange={(next) => onChange(entries.map((entry, at) => (at === index ? [name, next] : entry)))}
            onRemove={key || readOnly ? undefined : () => onChange(entries.filter((_, at) => at !== index))}
          />
        );
      })}
      {!readOnly && <AddMember taken={entries.map(([name]) => name)} onAdd={(name, type) => onChange([...entries, [name, initialValue(type)]])} />}
    </>
  );
}

function AddMember({ taken, onAdd }: { taken: string[]; onAdd: (name: string, type: AttributeType) => void }) {
  const [name, setName] = useState('');
  const [type, setType] = useState<AttributeType>('S');
  const twice = taken.includes(name);
  const add = () => {
    if (name === '' || twice) return;
    onAdd(name, type);
    setName('');
  };
  return (
    <div className="field">
      <input
        className="field-input"
        aria-label="Name of a new attribute"
        placeholder="New attribute"
        value={name}
        aria-invalid={twice}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.ctrlKey) return;
          event.preventDefault();
          add();
        }}
      />
      <TypeSelect value={type} onChange={setType} label="Type of the new attribute" />
      <div>
        <Button onClick={add} disabled={name === '' || twice} disabledReason={twice ? 'This attribute is there already.' : undefined}>
          Add
        </Button>
      </div>
      <span />
    </div>
  );
}

function TypeSelect({ value, onChange, label, disabled }: { value: AttributeType; onChange: (type: AttributeType) => void; label: string; disabled?: boolean }) {
  return (
    <select className="field-input" aria-label={label} value={value} disabled={disabled} onChange={(event) => onChange(event.target.value as AttributeType)}>
      {ATTRIBUTE_TYPES.map((type) => (
        <option key={type} value={type}>
          {TYPE_NAMES[type]}
        </option>
      ))}
    </select>
  );
}

interface FieldProps {
  name: string | number;
  suffix?: string;
  value: AttributeValue;
  locked?: boolean;
  typeLocked?: boolean;
  onChange: (value: AttributeValue) => void;
  onRemove?: () => void;
}

const Field = memo(function Field({ name, suffix, value, locked, typeLocked, onChange, onRemove }: FieldProps) {
  const [open, setOpen] = useState(true);
  const problem = problemOf(value);
  const isBranch = 'L' in value || 'M' in value;
  const size = 'L' in value ? value.L.length : 'M' in value ? Object.keys(value.M).length : 0;
  return (
    <>
      <div className={typeof name === 'number' ? 'field element' : 'field'}>
        <div className="name">
          {name} {suffix && <span className="muted">({suffix})</span>}
        </div>
        <TypeSelect value={typeOf(value)} disabled={locked || typeLocked} label={`Type of ${name}`} onChange={(type) => onChange(convertType(value, type))} />
        <div>
          {isBranch ? (
            <Button variant="inline-link" iconName={open ? 'angle-down' : 'angle-right'} ariaExpanded={open} onClick={() => setOpen(!open)}>
              {`${size} ${'L' in value ? (size === 1 ? 'element' : 'elements') : size === 1 ? 'attribute' : 'attributes'}`}
            </Button>
          ) : (
            <ScalarInput name={String(name)} value={value} locked={locked} invalid={!!problem} onChange={onChange} />
          )}
        </div>
        {onRemove ? <Button variant="icon" iconName="close" ariaLabel={`Remove ${name}`} onClick={onRemove} /> : <span />}
        {problem && (
          <div className="problem" role="alert">
            {problem}
          </div>
        )}
      </div>
      {isBranch && open && (
        <div className="branch">
          {'M' in value ? (
            <Members entries={Object.entries(value.M)} readOnly={locked} onChange={(entries) => onChange({ M: Object.fromEntries(entries) })} />
          ) : (
            <Elements elements={value.L} locked={locked} onChange={(L) => onChange({ L })} />
          )}
        </div>
      )}
    </>
  );
});

function Elements({ elements, locked, onChange }: { elements: AttributeValue[]; locked?: boolean; onChange: (elements: AttributeValue[]) => void }) {
  return (
    <>
      {elements.map((element, index) => (
        <Field
          key={index}
          name={index}
          value={element}
          locked={locked}
          onChange={(next) => onChange(elements.map((old, at) => (at === index ? next : old)))}
          onRemove={locked ? undefined : () => onChange(elements.filter((_, at) => at !== index))}
        />
      ))}
      {!locked && (
        <Button iconName="add-plus" variant="inline-link" onClick={() => onChange([...elements, initialValue(elements.length ? typeOf(elements[elements.length - 1]!) : 'S')])}>
          Add element
        </Button>
      )}
    </>
  );
}

interface ScalarProps {
  name: string;
  value: AttributeValue;
  locked?: boolean;
  invalid: boolean;
  onChange: (value: AttributeValue) => void;
}

function ScalarInput({ name, value, locked, invalid, onChange }: ScalarProps) {
  const common = { className: 'field-input', disabled: locked, 'aria-label': `Value of ${name}`, 'aria-invalid': invalid };
  if ('S' in value) return <textarea {...common} rows={1} value={value.S} onChange={(event) => onChange({ S: event.target.value })} />;
  if ('N' in value) return <input {...common} inputMode="decimal" value={value.N} onChange={(event) => onChange({ N: event.target.value.trim() })} />;
  if ('BOOL' in value) {
    return (
      <select {...common} value={String(value.BOOL)} onChange={(event) => onChange({ BOOL: event.target.value === 'true' })}>
        <option value="true">true</option>
        <option value="false">false</option>
      </select>
    );
  }
  if ('NULL' in value) return <input {...common} value="null" disabled readOnly />;
  if ('B' in value) {
    return (
      <>
        <textarea {...common} rows={1} placeholder="base64" value={value.B} onChange={(event) => onChange({ B: event.target.value.replace(/\s/g, '') })} />
        {!invalid && <span className="muted">{base64Bytes(value.B)} bytes, base64</span>}
      </>
    );
  }
  return <SetInput name={name} value={value as SetValue} locked={locked} onChange={onChange} />;
}

type SetValue = { SS: string[] } | { NS: string[] } | { BS: string[] };

function SetInput({ name, value, locked, onChange }: { name: string; value: SetValue; locked?: boolean; onChange: (value: AttributeValue) => void }) {
  const type = typeOf(value) as 'SS' | 'NS' | 'BS';
  const members = (value as Record<string, string[]>)[type]!;
  const set = (next: string[]) => onChange({ [type]: next } as AttributeValue);
  return (
    <div className="scalar-set">
      {members.map((member, index) => (
        <div key={index} style={{ display: 'flex', gap: 4 }}>
          <input
            className="field-input"
            aria-label={`Member ${index + 1} of ${name}`}
            disabled={locked}
            value={member}
            onChange={(event) => set(members.map((old, at) => (at === index ? event.target.value : old)))}
          />
          {!locked && members.length > 1 && (
            <Button variant="icon" iconName="close" ariaLabel={`Remove member ${index + 1} of ${name}`} onClick={() => set(members.filter((_, at) => at !== index))} />
          )}
        </div>
      ))}
      {!locked && (
        <div>
          <Button variant="inline-link" iconName="add-plus" onClick={() => set([...members, ''])}>
            Add member
          </Button>
        </div>
      )}
    </div>
  );
}
