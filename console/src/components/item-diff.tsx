import { AttributeValue, typeOf } from '../model/attribute';
import { innerChanges } from '../model/inner-diff';
import { writeJson } from '../model/json';
import { toPlain } from '../model/plain-json';
import { AttributeChange } from '../model/update';

// What changes between two images of an item, down to where in a nested value it does.
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
        {innerChanges(changes).map((change) => (
          <tr key={change.path}>
            <td>
              <b>{change.path}</b> <span className="muted">{change.kind}</span>
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
  const text = shown(value);
  return other && typeOf(other) !== typeOf(value) ? `${text}  (${typeOf(value)})` : text;
}

// Of sets that stayed sets, only the members that came or went are here.
function shown(value: AttributeValue): string {
  if ('SS' in value) return value.SS.join('\n');
  if ('NS' in value) return value.NS.join('\n');
  return 'S' in value && value.S !== '' ? value.S : writeJson(toPlain(value));
}
