import { AttributeValue } from '../model/attribute';
import { writeJson } from '../model/json';
import { toPlain } from '../model/plain-json';
import { AttributeChange } from '../model/update';
import { typeOf } from '../model/attribute';

// What changes between two images of an item, attribute by attribute.
export function ItemDiff({ changes, beforeTitle = 'Before', afterTitle = 'After' }: { changes: AttributeChange[]; beforeTitle?: string; afterTitle?: string }) {
  return (
    <table className="diff">
      <thead>
        <tr>
          <th scope="col">Attribute</th>
          <th scope="col">{beforeTitle}</th>
          <th scope="col">{afterTitle}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.name}>
            <td>
              <b>{change.name}</b> <span className="muted">{change.kind}</span>
            </td>
            <td className={change.before ? 'before' : undefined}>{show(change.before, change.after)}</td>
            <td className={change.after ? 'after' : undefined}>{show(change.after, change.before)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// The type is told when it is what changed, or when plain JSON does not show it.
function show(value: AttributeValue | undefined, other: AttributeValue | undefined): string {
  if (!value) return '–';
  const text = 'S' in value && value.S !== '' ? value.S : writeJson(toPlain(value));
  return other && typeOf(other) !== typeOf(value) ? `${text}  (${typeOf(value)})` : text;
}
