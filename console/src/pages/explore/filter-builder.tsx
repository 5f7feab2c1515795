import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Clause, Group, OPERATORS, Operator, changeMember, newClause, newGroup } from '../../model/filter';
import { ATTRIBUTE_TYPES, AttributeType, TYPE_NAMES } from '../../model/attribute';

interface Props {
  group: Group;
  onChange: (group: Group) => void;
  attributes: string[];
}

// Nested groups of comparisons, joined by AND or OR.
export function FilterBuilder({ group, onChange, attributes }: Props) {
  return (
    <>
      <datalist id="filter-attributes">
        {attributes.map((name) => (
          <option key={name} value={/[.[\]"]/.test(name) ? `"${name.replace(/"/g, '""')}"` : name} />
        ))}
      </datalist>
      <GroupEditor group={group} top onChange={(id, change) => onChange(changeMember(group, id, change))} />
    </>
  );
}

type Change = (id: string, change: (member: Group | Clause) => Group | Clause | undefined) => void;

function GroupEditor({ group, onChange, top }: { group: Group; onChange: Change; top?: boolean }) {
  const set = (values: Partial<Group>) => onChange(group.id, (now) => ({ ...(now as Group), ...values }));
  const add = (member: Group | Clause) => set({ members: [...group.members, member] });
  return (
    <div className={top ? undefined : 'filter-group'} role="group" aria-label="Conditions">
      {(group.members.length > 1 || !top) && (
        <SpaceBetween direction="horizontal" size="xs">
          <select className="field-input" style={{ width: 'auto' }} aria-label="Negation" value={String(group.not)} onChange={(event) => set({ not: event.target.value === 'true' })}>
            <option value="false">Items where</option>
            <option value="true">Items where not</option>
          </select>
          <select className="field-input" style={{ width: 'auto' }} aria-label="Join" value={group.join} onChange={(event) => set({ join: event.target.value as Group['join'] })}>
            <option value="AND">all of (AND)</option>
            <option value="OR">any of (OR)</option>
          </select>
          {!top && <Button formAction="none" variant="icon" iconName="close" ariaLabel="Remove this group" onClick={() => onChange(group.id, () => undefined)} />}
        </SpaceBetween>
      )}
      {group.members.map((member) =>
        member.kind === 'group' ? (
          <GroupEditor key={member.id} group={member} onChange={onChange} />
        ) : (
          <ClauseEditor key={member.id} clause={member} onChange={onChange} />
        ),
      )}
      <SpaceBetween direction="horizontal" size="m">
        <Button formAction="none" variant="inline-link" iconName="add-plus" onClick={() => add(newClause())}>
          Add condition
        </Button>
        {(group.members.length > 0 || !top) && (
          <Button formAction="none" variant="inline-link" iconName="add-plus" onClick={() => add(newGroup(group.join === 'AND' ? 'OR' : 'AND', [newClause()]))}>
            Add group
          </Button>
        )}
      </SpaceBetween>
    </div>
  );
}

// Types an operator has a use for; the rest would only be refused.
function typesFor(operator: Operator): AttributeType[] {
  if (['<', '<=', '>', '>=', 'between'].includes(operator)) return ['S', 'N', 'B'];
  if (operator === 'begins_with') return ['S', 'B'];
  if (operator === 'contains' || operator === 'not_contains') return ['S', 'N', 'B', 'BOOL', 'NULL'];
  if (operator === 'type') return [...ATTRIBUTE_TYPES];
  if (operator === 'in') return ['S', 'N', 'B', 'BOOL'];
  return [...ATTRIBUTE_TYPES];
}

function ClauseEditor({ clause, onChange }: { clause: Clause; onChange: Change }) {
  const set = (values: Partial<Clause>) => onChange(clause.id, (now) => ({ ...(now as Clause), ...values }));
  const operator = OPERATORS.find((one) => one.id === clause.operator)!;
  const types = typesFor(clause.operator);
  const needsType = operator.values !== 0 && !clause.operator.startsWith('size');
  return (
    <div className="filter-row">
      <input className="field-input" list="filter-attributes" aria-label="Attribute" placeholder="Attribute, a.b[2]" value={clause.path} onChange={(event) => set({ path: event.target.value })} />
      <select
        className="field-input"
        aria-label="Comparison"
        value={clause.operator}
        onChange={(event) => {
          const next = event.target.value as Operator;
          set({ operator: next, type: typesFor(next).includes(clause.type) ? clause.type : typesFor(next)[0]! });
        }}
      >
        {OPERATORS.map((one) => (
          <option key={one.id} value={one.id}>
            {one.label}
          </option>
        ))}
      </select>
      {needsType ? (
        <select className="field-input" aria-label="Type" value={clause.type} onChange={(event) => set({ type: event.target.value as AttributeType, ...(clause.operator === 'type' ? { value: event.target.value } : {}) })}>
          {types.map((type) => (
            <option key={type} value={type}>
              {TYPE_NAMES[type]}
            </option>
          ))}
        </select>
      ) : (
        <span />
      )}
      {operator.values === 0 || clause.operator === 'type' || (clause.type === 'NULL' && needsType) ? (
        <span />
      ) : clause.type === 'BOOL' && needsType && clause.operator !== 'in' ? (
        <select className="field-input" aria-label="Value" value={clause.value || 'false'} onChange={(event) => set({ value: event.target.value })}>
          <option>true</option>
          <option>false</option>
        </select>
      ) : (
        <div style={{ display: 'flex', gap: 8 }}>
          <input
            className="field-input"
            aria-label="Value"
            placeholder={operator.values === 'list' ? 'one, two, "three, with comma"' : clause.operator.startsWith('size') ? 'number' : 'Value'}
            value={clause.value}
            onChange={(event) => set({ value: event.target.value })}
          />
          {operator.values === 2 && <input className="field-input" aria-label="Upper value" placeholder="and" value={clause.value2} onChange={(event) => set({ value2: event.target.value })} />}
        </div>
      )}
      <Button formAction="none" variant="icon" iconName="close" ariaLabel="Remove this condition" onClick={() => onChange(clause.id, () => undefined)} />
    </div>
  );
}
