// Items as a grid that stays smooth with a hundred thousand of them: only the rows in sight exist.
// Keys: arrows move, Space selects, Enter opens the item, F2 or a double click edits a value.
import { useVirtualizer } from '@tanstack/react-virtual';
import { KeyboardEvent, PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { AttributeValue, Item, getOwn, typeOf } from '../model/attribute';
import { compareValues, preview } from '../model/preview';
import { keyText } from '../model/schema';

const ROW = 32;
const MOST_COLUMNS = 60;

interface Props {
  items: Item[];
  pinned: string[]; // Key attributes: first, and kept in sight.
  keyNames: string[]; // What tells rows apart; empty when rows are not items of a table.
  columns?: string[]; // Which attributes to show besides; all of them when absent.
  selected?: Set<string>;
  onSelect?: (selected: Set<string>) => void;
  onOpen?: (item: Item) => void;
  onEdit?: (item: Item, name: string, value: AttributeValue) => void;
  onEnd?: () => void; // The last rows came into sight.
  height?: string;
  footer?: string;
  label: string;
}

// Every attribute of `items`, keys first, the common ones before the rare.
export function attributeNames(items: Item[], pinned: string[]): string[] {
  const counts = new Map<string, number>();
  for (const item of items) for (const name of Object.keys(item)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const rest = [...counts].filter(([name]) => !pinned.includes(name)).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return [...pinned, ...rest.map(([name]) => name)];
}

function initialWidth(name: string, items: Item[]): number {
  let longest = name.length + 4;
  for (const item of items.slice(0, 50)) {
    const value = getOwn(item, name);
    if (value) longest = Math.max(longest, Math.min(40, preview(value, 40).length));
  }
  return Math.max(90, Math.min(320, longest * 8 + 24));
}

const EDITABLE = new Set(['S', 'N', 'BOOL']);

export function ItemGrid(props: Props) {
  const { items, pinned, keyNames, selected, onSelect, onOpen, onEdit, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [sort, setSort] = useState<{ name: string; down: boolean }>();
  const [widths, setWidths] = useState<Record<string, number>>({});
  const [active, setActive] = useState({ row: 0, column: 0 });
  const [editing, setEditing] = useState<{ row: number; name: string; text: string }>();
  const anchor = useRef(0);

  const names = useMemo(() => {
    const all = attributeNames(items, pinned);
    return (props.columns ? all.filter((name) => pinned.includes(name) || props.columns!.includes(name)) : all).slice(0, MOST_COLUMNS);
  }, [items, pinned, props.columns]);
  const rows = useMemo(() => {
    if (!sort) return items;
    const sign = sort.down ? -1 : 1;
    return [...items].sort((a, b) => sign * compareValues(getOwn(a, sort.name), getOwn(b, sort.name)));
  }, [items, sort]);
  const measured = useMemo(() => Object.fromEntries(names.map((name) => [name, initialWidth(name, items)])), [names, items.length > 0]);
  const width = (name: string) => widths[name] ?? measured[name] ?? 120;
  const pinLeft = (column: number) => (onSelect ? 40 : 0) + names.slice(0, column).reduce((sum, name) => sum + width(name), 0);
  const phone = (scroller.current?.clientWidth ?? 1000) < 600;

  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 });
  const visible = virtual.getVirtualItems();
  const last = visible[visible.length - 1]?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 20) onEnd?.();
  }, [last, rows.length, onEnd]);

  const select = (from: number, to: number, on: boolean) => {
    const next = new Set(selected);
    for (let row = Math.min(from, to); row <= Math.max(from, to); row++) {
      const key = keyText(rows[row]!, keyNames);
      if (on) next.add(key);
      else next.delete(key);
    }
    onSelect?.(next);
  };
  const isSelected = (row: number) => selected?.has(keyText(rows[row]!, keyNames)) ?? false;

  const startEdit = (row: number, name: string) => {
    const value = getOwn(rows[row]!, name);
    if (!onEdit || !value || keyNames.includes(name) || !EDITABLE.has(typeOf(value))) return false;
    setEditing({ row, name, text: String(Object.values(value)[0]) });
    return true;
  };
  const finishEdit = (keep: boolean) => {
    if (!editing) return;
    const item = rows[editing.row]!;
    const old = getOwn(item, editing.name)!;
    setEditing(undefined);
    scroller.current?.focus();
    if (!keep || String(Object.values(old)[0]) === editing.text) return;
    const type = typeOf(old);
    onEdit?.(item, editing.name, type === 'BOOL' ? { BOOL: editing.text === 'true' } : ({ [type]: editing.text } as AttributeValue));
  };

  const onKey = (event: KeyboardEvent) => {
    if (editing || rows.length === 0) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / ROW) - 2);
    const moves: Record<string, [number, number]> = {
      ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageDown: [page, 0], PageUp: [-page, 0],
      Home: [event.ctrlKey ? -rows.length : 0, -names.length], End: [event.ctrlKey ? rows.length : 0, names.length],
    };
    const move = moves[event.key];
    if (move) {
      const row = Math.max(0, Math.min(rows.length - 1, active.row + move[0]));
      const column = Math.max(0, Math.min(names.length - 1, active.column + move[1]));
      setActive({ row, column });
      virtual.scrollToIndex(row);
      if (event.shiftKey && onSelect) select(active.row, row, true);
    } else if (event.key === ' ' && onSelect) {
      select(active.row, active.row, !isSelected(active.row));
    } else if (event.key === 'Enter' && onOpen) {
      onOpen(rows[active.row]!);
    } else if (event.key === 'F2') {
      startEdit(active.row, names[active.column]!);
    } else if (event.key.toLowerCase() === 'c' && (event.ctrlKey || event.metaKey) && !window.getSelection()?.toString()) {
      const value = getOwn(rows[active.row]!, names[active.column]!);
      if (value) void navigator.clipboard?.writeText('S' in value ? value.S : 'N' in value ? value.N : JSON.stringify(value));
    } else return;
    event.preventDefault();
  };

  const resize = (name: string) => (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    const [startX, start] = [event.clientX, width(name)];
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const move = (next: globalThis.PointerEvent) => setWidths((now) => ({ ...now, [name]: Math.max(60, start + next.clientX - startX) }));
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', () => handle.removeEventListener('pointermove', move), { once: true });
  };

  const allSelected = rows.length > 0 && selected?.size === rows.length;
  const pin = (column: number) => {
    if (column >= pinned.length || (phone && column > 0)) return { className: '', style: {} };
    const lastPinned = column === (phone ? 0 : pinned.length - 1);
    return { className: ` pinned${lastPinned ? ' last-pinned' : ''}`, style: { left: pinLeft(column) } };
  };

  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
      aria-colcount={names.length + (onSelect ? 1 : 0)}
      aria-multiselectable={onSelect ? true : undefined}
      aria-activedescendant={visible.some((one) => one.index === active.row) ? `cell-${active.row}-${active.column}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
      style={{ height: props.height ?? `${Math.min(Math.max(rows.length, 3) * ROW + 52, 640)}px` }}
    >
      <div className="head" role="row" aria-rowindex={1}>
        {onSelect && (
          <div className="cell check pinned" role="columnheader" style={{ left: 0 }}>
            <input
              type="checkbox"
              aria-label="Select all loaded items"
              checked={allSelected}
              onChange={() => onSelect(allSelected ? new Set() : new Set(rows.map((row) => keyText(row, keyNames))))}
            />
          </div>
        )}
        {names.map((name, column) => (
          <div
            key={name}
            role="columnheader"
            aria-sort={sort?.name === name ? (sort.down ? 'descending' : 'ascending') : undefined}
            className={`cell${pin(column).className}`}
            style={{ width: width(name), ...pin(column).style }}
            title={`${name} (click to sort the loaded items)`}
            onClick={() => setSort((now) => (now?.name !== name ? { name, down: false } : now.down ? undefined : { name, down: true }))}
          >
            {name}
            {sort?.name === name ? (sort.down ? ' ▾' : ' ▴') : ''}
            <span className="resize" onPointerDown={resize(name)} onClick={(event) => event.stopPropagation()} />
          </div>
        ))}
      </div>
      <div className="rows" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {visible.map(({ index, start }) => {
          const item = rows[index]!;
          const chosen = isSelected(index);
          return (
            <div key={index} role="row" aria-rowindex={index + 2} aria-selected={onSelect ? chosen : undefined} className={chosen ? 'row selected' : 'row'} style={{ transform: `translateY(${start}px)` }}>
              {onSelect && (
                <div className="cell check pinned" role="gridcell" style={{ left: 0 }}>
                  <input
                    type="checkbox"
                    tabIndex={-1}
                    aria-label={`Select row ${index + 1}`}
                    checked={chosen}
                    onClick={(event) => {
                      select(event.shiftKey ? anchor.current : index, index, !chosen);
                      anchor.current = index;
                    }}
                    onChange={() => undefined}
                  />
                </div>
              )}
              {names.map((name, column) => {
                const value = getOwn(item, name);
                const isActive = active.row === index && active.column === column;
                const isEditing = editing?.row === index && editing.name === name;
                const text = value ? preview(value) : '';
                return (
                  <div
                    key={name}
                    id={`cell-${index}-${column}`}
                    role="gridcell"
                    className={`cell v-${value ? typeOf(value) : 'absent'}${value && 'N' in value ? ' number' : ''}${isActive ? ' active' : ''}${pin(column).className}`}
                    style={{ width: width(name), ...pin(column).style }}
                    title={text.length > 20 ? text : undefined}
                    onClick={() => setActive({ row: index, column })}
                    onDoubleClick={() => startEdit(index, name) || onOpen?.(item)}
                  >
                    {isEditing ? (
                      <CellInput text={editing.text} boolean={!!value && 'BOOL' in value} label={name} onChange={(next) => setEditing({ ...editing, text: next })} onDone={finishEdit} />
                    ) : column === 0 && onOpen ? (
                      <button type="button" tabIndex={-1} className="open" onClick={() => onOpen(item)}>
                        {value ? text || '(empty)' : '(no key)'}
                      </button>
                    ) : value ? (
                      text
                    ) : (
                      '–'
                    )}
                  </div>
                );
              })}
            </div>
          );
        })}
      </div>
      {props.footer && <div className="end">{props.footer}</div>}
    </div>
  );
}

interface CellInputProps {
  text: string;
  boolean: boolean;
  label: string;
  onChange: (text: string) => void;
  onDone: (keep: boolean) => void;
}

function CellInput({ text, boolean, label, onChange, onDone }: CellInputProps) {
  const common = {
    className: 'edit',
    autoFocus: true,
    'aria-label': label,
    onBlur: () => onDone(true),
    onKeyDown: (event: KeyboardEvent) => {
      event.stopPropagation();
      if (event.key === 'Enter') onDone(true);
      if (event.key === 'Escape') onDone(false);
    },
  };
  if (boolean) {
    return (
      <select {...common} value={text} onChange={(event) => onChange(event.target.value)}>
        <option>true</option>
        <option>false</option>
      </select>
    );
  }
  return <input {...common} value={text} onFocus={(event) => event.target.select()} onChange={(event) => onChange(event.target.value)} />;
}
