import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { call } from '../../api/dynamodb';
import type { TableDescription } from '../../api/types';
import { useRunKey } from '../../app/keys';
import { useNotify } from '../../app/notify';
import { useAllowed, useArns } from '../../app/permissions';
import { useTarget } from '../../app/target';
import { AllowedButton } from '../../components/allowed-button';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { ItemEditor } from '../../components/item-editor/item-editor';
import { ItemGrid, attributeNames } from '../../components/item-grid';
import { AttributeValue, InvalidValue, Item, checkValue } from '../../model/attribute';
import { formatCount, formatMs, formatUnits, plural } from '../../model/format';
import { ReadForm, emptyForm, readCall, readOperation } from '../../model/read-request';
import { keyOf, keyText, readTargets } from '../../model/schema';
import { saveCall, withAttribute } from '../../model/update';
import { DeleteItems } from './delete-items';
import { ExportDialog } from './export-dialog';
import { ImportDialog } from './import-dialog';
import { QueryForm } from './query-form';
import { MOST_ITEMS, useReader } from './reader';

type Dialog = { kind: 'edit'; item: Item } | { kind: 'create'; start?: Item } | { kind: 'delete' } | { kind: 'export' } | { kind: 'import' };

// While more may come the grid keeps its size, or it would jump with every page.
const FULL_HEIGHT = 'max(320px, calc(100vh - 220px))';

// The form as it was when this table was last explored in this tab.
const storageKey = (place: string, table: string) => `armature.explore.${place}.${table}`;

function restoreForm(key: string): ReadForm {
  try {
    const saved = sessionStorage.getItem(key);
    return saved ? { ...emptyForm(), ...(JSON.parse(saved) as ReadForm) } : emptyForm();
  } catch {
    return emptyForm();
  }
}

export function Explorer({ table, tablePicker }: { table: TableDescription; tablePicker: ReactNode }) {
  const { target, region, connectionName } = useTarget();
  const arns = useArns();
  const notify = useNotify();
  const key = storageKey(`${connectionName ?? ''}.${region}`, table.TableName);
  const [form, setForm] = useState<ReadForm>(() => restoreForm(key));
  const [selected, setSelected] = useState(new Set<string>());
  const [dialog, setDialog] = useState<Dialog>();
  const [columns, setColumns] = useState<string[]>();
  const reader = useReader(target, table.TableName);
  const { state } = reader;

  const targets = useMemo(() => readTargets(table), [table]);
  const readTarget = targets.find((one) => one.index === form.index) ?? targets[0]!;
  const tableKeys = useMemo(() => [...targets[0]!.partition, ...targets[0]!.sort].map((one) => one.name), [targets]);
  const pinned = useMemo(
    () => [...new Set([...[...readTarget.partition, ...readTarget.sort].map((one) => one.name), ...tableKeys])],
    [readTarget, tableKeys],
  );
  const attributes = useMemo(() => attributeNames(state.items.slice(0, 500), pinned), [state.items, pinned]);
  const tableArn = arns.table(table.TableName);
  const mayRead = useAllowed(`dynamodb:${readOperation(form)}`, readTarget.index ? `${tableArn}/index/${readTarget.index}` : tableArn);
  const mayDeleteOne = useAllowed('dynamodb:DeleteItem', tableArn);
  const mayWriteMany = useAllowed('dynamodb:BatchWriteItem', tableArn);
  const mayEdit = useAllowed('dynamodb:UpdateItem', tableArn);

  const [request, problem] = useMemo(() => {
    try {
      return [readCall(table.TableName, readTarget, form), undefined] as const;
    } catch (error) {
      return [undefined, error instanceof InvalidValue ? error.message : String(error)] as const;
    }
  }, [table.TableName, readTarget, form]);

  const { run: runReader } = reader;
  const run = useCallback(() => {
    if (!request || !mayRead.allowed) return;
    sessionStorage.setItem(key, JSON.stringify(form));
    setSelected(new Set());
    void runReader(readTarget, form);
  }, [request, mayRead.allowed, key, form, readTarget, runReader]);

  // Only once, when the table is opened: afterwards the person decides when to read.
  const opened = useRef(false);
  useEffect(() => {
    if (opened.current || mayRead.asking) return;
    opened.current = true;
    if (mayRead.allowed) run();
  }, [mayRead.asking, mayRead.allowed, run]);
  useRunKey(run);

  const chosen = useMemo(() => (selected.size ? state.items.filter((item) => selected.has(keyText(item, tableKeys))) : []), [state.items, selected, tableKeys]);
  const only = chosen.length === 1 ? chosen[0] : undefined;

  const replace = (before: Item | undefined, after: Item | undefined) => {
    const old = before && keyText(before, tableKeys);
    reader.change((items) => {
      if (!old) return after ? [after, ...items] : items;
      return items.flatMap((item) => (keyText(item, tableKeys) !== old ? [item] : after ? [after] : []));
    });
  };
  // An index or a projection shows part of an item; editing and copying need all of it.
  const whole = async (item: Item, then: (item: Item) => void) => {
    if (reader.complete()) return then(item);
    try {
      const { output } = await call(target, 'GetItem', { TableName: table.TableName, Key: keyOf(item, tableKeys), ConsistentRead: true });
      if (output.Item) then(output.Item);
      else notify.failure('The item is gone', new Error('Somebody deleted it since it was read.'));
    } catch (error) {
      notify.failure('The item could not be read', error);
    }
  };
  const open = (item: Item) => whole(item, (all) => setDialog({ kind: 'edit', item: all }));
  const editCell = async (item: Item, name: string, value: AttributeValue) => {
    const after = withAttribute(item, name, value);
    try {
      checkValue(value, name);
      const write = saveCall(table.TableName, tableKeys, item, after, 'touched');
      if (!write) return;
      await call(target, write.operation, write.input);
      replace(item, after);
    } catch (error) {
      notify.failure(`"${name}" was not saved`, error);
    }
  };
  const mayDelete = chosen.length > 1 ? mayWriteMany : mayDeleteOne;

  const footer = state.next
    ? state.items.length >= MOST_ITEMS
      ? `${formatCount(MOST_ITEMS)} items are loaded, which is as many as this page holds.`
      : state.busy
        ? 'Reading on…'
        : 'Scroll for more.'
    : state.pages
      ? 'That is all.'
      : '';

  return (
    <SpaceBetween size="m">
      <QueryForm
        form={form}
        onChange={setForm}
        targets={targets}
        target={readTarget}
        attributes={attributes}
        call={request}
        problem={problem ?? mayRead.reason}
        busy={state.busy}
        onRun={run}
        onCancel={reader.cancel}
        tablePicker={tablePicker}
      />
      <ErrorAlert error={state.error} onRetry={run} />
      <div className="toolbar">
        <div>
          <Box variant="h2" padding="n">
            Items {state.pages > 0 && <Box variant="span" color="text-body-secondary" fontWeight="normal">({formatCount(state.items.length)}{state.next ? '+' : ''})</Box>}
          </Box>
          <div className="numbers" aria-live="polite">
            {state.pages > 0 && (
              <>
                <span>{plural(state.pages, 'page')}</span>
                <span>{formatCount(state.scanned)} read</span>
                <span>{formatUnits(state.units)} capacity units</span>
                <span title="Time in the server, of the last page">server {formatMs(state.serverMs)}</span>
                <span title="Time until the console's server had the answer">round trip {formatMs(state.roundTripMs)}</span>
              </>
            )}
          </div>
        </div>
        <SpaceBetween direction="horizontal" size="xs">
          {state.next && !state.all && (
            <Button onClick={reader.readAll} disabled={state.busy}>
              Load all
            </Button>
          )}
          {state.all && <Button onClick={reader.cancel}>Stop loading</Button>}
          {attributes.length > pinned.length && (
            <div style={{ width: 220 }}>
              <Multiselect
                selectedOptions={(columns ?? []).map((name) => ({ value: name, label: name }))}
                placeholder={`All ${attributes.length} attributes`}
                ariaLabel="Attributes to show"
                filteringType="auto"
                inlineTokens
                options={attributes.filter((name) => !pinned.includes(name)).map((name) => ({ value: name, label: name }))}
                onChange={({ detail }) => setColumns(detail.selectedOptions.length ? detail.selectedOptions.map((one) => one.value!) : undefined)}
              />
            </div>
          )}
          <ButtonDropdown
            items={[
              { id: 'edit', text: 'Edit', disabled: !only },
              { id: 'duplicate', text: 'Duplicate', disabled: !only },
              { id: 'delete', text: chosen.length > 1 ? `Delete ${formatCount(chosen.length)} items` : 'Delete', disabled: chosen.length === 0 || !mayDelete.allowed, disabledReason: mayDelete.reason },
              { id: 'export', text: chosen.length ? `Export ${plural(chosen.length, 'item')}` : 'Export' },
              { id: 'import', text: 'Import', disabled: !mayWriteMany.allowed, disabledReason: mayWriteMany.reason },
            ]}
            onItemClick={({ detail }) => {
              if (detail.id === 'edit') void open(only!);
              else if (detail.id === 'duplicate') void whole(only!, (all) => setDialog({ kind: 'create', start: all }));
              else setDialog({ kind: detail.id as 'delete' | 'export' | 'import' });
            }}
          >
            Actions
          </ButtonDropdown>
          <AllowedButton variant="primary" action="dynamodb:PutItem" resource={tableArn} onClick={() => setDialog({ kind: 'create' })}>
            Create item
          </AllowedButton>
        </SpaceBetween>
      </div>
      {state.pages > 0 && state.items.length === 0 && !state.busy ? (
        <Empty
          title={state.next ? 'Nothing found yet' : 'No items'}
          action={state.next ? <Button onClick={reader.more}>Read on</Button> : undefined}
        >
          {state.next
            ? `${formatCount(state.scanned)} items were read and none matches the filter.`
            : table.ItemCount === 0
              ? 'The table is empty: create an item, or import a file.'
              : state.scanned > 0
                ? `${formatCount(state.scanned)} items were read and none matches the filter.`
                : 'No item has this key.'}
        </Empty>
      ) : (
        <ItemGrid
          label={`Items of ${table.TableName}`}
          items={state.items}
          pinned={pinned}
          keyNames={tableKeys}
          columns={columns}
          selected={selected}
          onSelect={setSelected}
          onOpen={(item) => void open(item)}
          onEdit={mayEdit.allowed ? (item, name, value) => void editCell(item, name, value) : undefined}
          onEnd={reader.more}
          height={state.busy || state.next ? FULL_HEIGHT : `min(${FULL_HEIGHT}, ${state.items.length * 32 + 72}px)`}
          footer={footer}
        />
      )}
      {dialog?.kind === 'edit' && <ItemEditor table={table} before={dialog.item} onClose={() => setDialog(undefined)} onSaved={(after, before) => replace(before, after)} />}
      {dialog?.kind === 'create' && <ItemEditor table={table} start={dialog.start} onClose={() => setDialog(undefined)} onSaved={(after) => replace(undefined, after)} />}
      {dialog?.kind === 'delete' && (
        <DeleteItems
          table={table}
          items={chosen}
          keyNames={tableKeys}
          onClose={() => setDialog(undefined)}
          onDeleted={(gone) => {
            reader.change((items) => items.filter((item) => !gone.has(keyText(item, tableKeys))));
            setSelected(new Set());
          }}
        />
      )}
      {dialog?.kind === 'export' && <ExportDialog table={table} readTarget={readTarget} form={form} items={chosen.length ? chosen : state.items} selection={chosen.length > 0} complete={!state.next} onClose={() => setDialog(undefined)} />}
      {dialog?.kind === 'import' && <ImportDialog table={table} onClose={() => setDialog(undefined)} onDone={run} />}
    </SpaceBetween>
  );
}
