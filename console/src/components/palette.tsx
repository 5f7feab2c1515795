// Ctrl+K: any page, table or connection by a few letters of its name.
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useTableNames } from '../app/tables';
import { useTarget } from '../app/target';
import { useFirstField } from './first-field';

interface Command {
  title: string;
  detail: string;
  run: () => void;
}

// All letters of `query` in order; earlier and closer together is better. Undefined: no match.
export function score(text: string, query: string): number | undefined {
  const [low, wanted] = [text.toLowerCase(), query.toLowerCase()];
  const whole = low.indexOf(wanted);
  if (whole >= 0) return whole;
  let at = -1;
  let spread = 100;
  for (const letter of wanted) {
    const next = low.indexOf(letter, at + 1);
    if (next < 0) return undefined;
    spread += next - at;
    at = next;
  }
  return spread;
}

export function Palette({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const { data: tables = [] } = useTableNames();
  const { connections, setConnection } = useTarget();
  const fields = useFirstField<HTMLDivElement>();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);

  const commands = useMemo(() => {
    const go = (title: string, path: string, detail = 'Page'): Command => ({ title, detail, run: () => navigate(path) });
    return [
      ...tables.map((name) => go(name, `/explore/${encodeURIComponent(name)}`, 'Explore items')),
      ...tables.map((name) => go(name, `/tables/${encodeURIComponent(name)}`, 'Table settings')),
      go('Dashboard', '/'),
      go('Tables', '/tables'),
      go('Create table', '/tables/new', 'Action'),
      go('PartiQL editor', '/partiql'),
      go('Saved queries', '/queries'),
      go('Streams', '/streams'),
      go('Users', '/users'),
      go('Groups', '/groups'),
      go('Roles', '/roles'),
      go('Policies', '/policies'),
      go('Why was this denied?', '/access'),
      go('IP allow-list', '/allow-list'),
      go('Connections', '/connections'),
      go('New connection', '/connections/new', 'Action'),
      { title: 'This server', detail: 'Switch', run: () => (setConnection(undefined), navigate('/tables')) },
      ...connections.map((one): Command => ({ title: one.name, detail: 'Switch to connection', run: () => (setConnection(one.name), navigate('/tables')) })),
    ];
  }, [tables, connections, navigate, setConnection]);

  const found = useMemo(
    () =>
      commands
        .map((command) => ({ command, score: score(command.title, query) }))
        .filter((one): one is { command: Command; score: number } => one.score !== undefined)
        .sort((a, b) => a.score - b.score)
        .slice(0, 12)
        .map((one) => one.command),
    [commands, query],
  );

  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };

  return (
    <Modal visible onDismiss={onClose} header="Go to">
      <div ref={fields}>
        <Input
          type="search"
          value={query}
          autoFocus
          ariaLabel="Page, table or connection"
          placeholder="Page, table or connection"
          nativeInputAttributes={{ role: 'combobox', 'aria-expanded': true, 'aria-controls': 'palette-list', 'aria-activedescendant': found[active] ? `palette-${active}` : undefined }}
          onChange={({ detail }) => {
            setQuery(detail.value);
            setActive(0);
          }}
          onKeyDown={(event) => {
            const { key } = event.detail;
            if (key === 'ArrowDown') setActive((now) => Math.min(now + 1, found.length - 1));
            else if (key === 'ArrowUp') setActive((now) => Math.max(now - 1, 0));
            else if (key === 'Enter') run(found[active]);
            else return;
            event.preventDefault();
          }}
        />
      </div>
      <ul id="palette-list" className="palette" role="listbox" aria-label="Matches">
        {found.map((command, index) => (
          <li
            key={`${command.detail}/${command.title}`}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === active}
            className={index === active ? 'active' : undefined}
            // A pointer that only happens to lie here chooses nothing.
            onMouseMove={(event) => (event.movementX || event.movementY) && setActive(index)}
            onClick={() => run(command)}
          >
            <span>{command.title}</span>
            <span className="muted">{command.detail}</span>
          </li>
        ))}
        {found.length === 0 && <li className="muted">Nothing by that name.</li>}
      </ul>
    </Modal>
  );
}
