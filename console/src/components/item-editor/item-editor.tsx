// One item: as a form, as plain JSON, as DynamoDB JSON. Saving sends only what changed, under the
// condition that nobody changed it meanwhile, and shows the difference first.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Modal from '@cloudscape-design/components/modal';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useMemo, useRef, useState } from 'react';
import { call, ServiceError } from '../../api/dynamodb';
import type { TableDescription } from '../../api/types';
import { useAllowed, useArns } from '../../app/permissions';
import { useNotify } from '../../app/notify';
import { useTarget } from '../../app/target';
import { Item, checkItem, itemSize, setOwn } from '../../model/attribute';
import { formatBytes } from '../../model/format';
import { importProblem } from '../../model/transfer';
import { keyAttributes, keyOf } from '../../model/schema';
import { Guard, WriteCall, createCall, diffItems, saveCall } from '../../model/update';
import { CodeEditor } from '../code-editor';
import { Code } from '../copy';
import { ErrorAlert } from '../error-alert';
import { useFirstField } from '../first-field';
import { ItemDiff } from '../item-diff';
import { lintItem, readText, View, writeText } from './text-views';
import { ItemTree } from './value-tree';

interface Props {
  table: TableDescription;
  before?: Item; // As it was read; absent for a new item.
  start?: Item; // What a new item starts as (a duplicate, say).
  onClose: () => void;
  onSaved: (item: Item, before?: Item) => void;
}

const GUARDS: { value: Guard; label: string; description: string }[] = [
  { value: 'touched', label: 'If my attributes are unchanged since read', description: 'Changes of others to other attributes stay.' },
  { value: 'whole', label: 'If the whole item is unchanged since read', description: 'Any change in between stops the save.' },
  { value: 'nothing', label: 'In any case', description: 'Overwrites what happened in between.' },
];

export function ItemEditor({ table, before, start, onClose, onSaved }: Props) {
  const { target } = useTarget();
  const arns = useArns();
  const notify = useNotify();
  const keys = useMemo(() => [...keyAttributes(table.KeySchema ?? [], table, 'HASH'), ...keyAttributes(table.KeySchema ?? [], table, 'RANGE')], [table]);
  const keyNames = useMemo(() => keys.map((key) => key.name), [keys]);
  const fields = useFirstField<HTMLDivElement>();
  const [base, setBase] = useState(before);
  const [item, setItem] = useState<Item>(() => before ?? start ?? emptyItem(keys));
  const [view, setView] = useState<View>('form');
  const [draft, setDraft] = useState('');
  const [draftProblem, setDraftProblem] = useState<string>();
  const [guard, setGuard] = useState<Guard>('touched');
  const [review, setReview] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [theirs, setTheirs] = useState<Item>();
  const [gone, setGone] = useState(false);
  const allowed = useAllowed(base ? 'dynamodb:UpdateItem' : 'dynamodb:PutItem', arns.table(table.TableName));

  const changes = useMemo(() => (base ? diffItems(base, item) : []), [base, item]);
  const problem = draftProblem ?? itemProblem(item, keys);
  const changed = base ? changes.length > 0 : true;
  const write: WriteCall | undefined = useMemo(() => {
    if (problem) return undefined;
    return base ? saveCall(table.TableName, keyNames, base, item, guard) : createCall(table.TableName, keyNames, item);
  }, [problem, base, item, guard, table.TableName, keyNames]);
  const moves = write?.operation === 'TransactWriteItems';

  const switchView = (next: View) => {
    if (draftProblem) return;
    setView(next);
    if (next !== 'form') setDraft(writeText(item, next));
  };
  const editText = (text: string) => {
    setDraft(text);
    try {
      setItem(readText(text, view));
      setDraftProblem(undefined);
    } catch (problem) {
      setDraftProblem((problem as Error).message);
    }
  };

  const save = async () => {
    if (!write || busy || !allowed.allowed) return;
    if (base && !review && changed) {
      setReview(true);
      return;
    }
    setBusy(true);
    setError(undefined);
    setGone(false);
    try {
      await call(target, write.operation, write.input);
      notify.success(base ? 'Saved.' : 'Created.');
      onSaved(item, base ?? before);
      onClose();
    } catch (failure) {
      setBusy(false);
      setError(failure);
      if (failure instanceof ServiceError && failure.type === 'ConditionalCheckFailedException' && base) {
        await learnWhatIsThere(failure.details.Item as Item | undefined, keyOf(base, keyNames));
      }
    }
  };
  // Not every endpoint tells with its refusal what it found; then it is asked.
  const learnWhatIsThere = async (told: Item | undefined, key: Item) => {
    if (told) return setTheirs(told);
    try {
      const { output } = await call(target, 'GetItem', { TableName: table.TableName, Key: key, ConsistentRead: true });
      setTheirs(output.Item);
      setGone(!output.Item);
    } catch {
      // The refusal itself is on the screen.
    }
  };

  // Their changes become the new ground, mine stay on top.
  const rebase = () => {
    if (!theirs || !base) return;
    const merged: Item = { ...theirs };
    for (const change of changes) {
      if (change.after) setOwn(merged, change.name, change.after);
      else delete merged[change.name];
    }
    setBase(theirs);
    setItem(merged);
    if (view !== 'form') setDraft(writeText(merged, view));
    setTheirs(undefined);
    setError(undefined);
    setReview(true);
  };

  const saveNow = useRef(save);
  saveNow.current = save;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's' && !event.defaultPrevented) {
        event.preventDefault();
        void saveNow.current();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const size = problem ? undefined : itemSize(item);
  return (
    <Modal
      visible
      size="max"
      onDismiss={onClose}
      header={base ? 'Edit item' : 'Create item'}
      footer={
        <div className="toolbar">
          <Box color="text-body-secondary">{problem ? <span role="alert">{problem}</span> : formatBytes(size)}</Box>
          <SpaceBetween direction="horizontal" size="xs">
            {review && base ? <Button onClick={() => setReview(false)}>Back to editing</Button> : <Button onClick={onClose}>Cancel</Button>}
            <Button
              variant="primary"
              loading={busy}
              disabled={!write || !changed || !allowed.allowed}
              disabledReason={allowed.reason ?? problem ?? (changed ? undefined : 'Nothing has changed.')}
              onClick={() => void save()}
            >
              {!base ? 'Create item' : review ? (moves ? 'Move and save' : 'Save') : 'Review changes'}
            </Button>
          </SpaceBetween>
        </div>
      }
    >
      <SpaceBetween size="m">
        {error !== undefined && !theirs && !gone && <ErrorAlert error={error} />}
        {gone && (
          <Alert
            type="warning"
            header="Someone deleted this item since it was read"
            action={
              <Button
                onClick={() => {
                  setBase(undefined);
                  setGone(false);
                  setError(undefined);
                  setReview(false);
                }}
              >
                Create it again
              </Button>
            }
          >
            Nothing was saved.
          </Alert>
        )}
        {theirs && base && (
          <Alert
            type="warning"
            header="Someone changed this item since it was read"
            action={
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={rebase}>Keep my changes on top</Button>
                <Button
                  onClick={() => {
                    setBase(theirs);
                    setItem(theirs);
                    if (view !== 'form') setDraft(writeText(theirs, view));
                    setTheirs(undefined);
                    setReview(false);
                  }}
                >
                  Take theirs
                </Button>
              </SpaceBetween>
            }
          >
            Nothing was saved. What is there now differs from what you read:
            <ItemDiff changes={diffItems(base, theirs)} beforeTitle="As read" afterTitle="Now" />
          </Alert>
        )}
        {review && base ? (
          <SpaceBetween size="m">
            {moves && <Alert type="info">The primary key changed: one transaction writes the item under its new key and deletes the old one.</Alert>}
            <ItemDiff changes={changes} />
            <Select
              selectedOption={GUARDS.find((one) => one.value === guard)!}
              options={GUARDS}
              ariaLabel="When to save"
              onChange={({ detail }) => setGuard(detail.selectedOption.value as Guard)}
            />
            {write && (
              <ExpandableSection headerText={`Request: ${write.operation}`}>
                <Code label="request" text={JSON.stringify(write.input, null, 2)} />
              </ExpandableSection>
            )}
          </SpaceBetween>
        ) : (
          <>
            <div className="toolbar">
              <SegmentedControl
                label="View"
                selectedId={view}
                onChange={({ detail }) => switchView(detail.selectedId as View)}
                options={[
                  { id: 'form', text: 'Form', disabled: !!draftProblem },
                  { id: 'plain', text: 'JSON', disabled: !!draftProblem && view !== 'plain' },
                  { id: 'dynamodb', text: 'DynamoDB JSON', disabled: !!draftProblem && view !== 'dynamodb' },
                ]}
              />
              {view === 'plain' && (
                <Box color="text-body-secondary" fontSize="body-s">
                  Sets are {'{"$set": […]}'}, binary is {'{"$binary": "base64"}'}; numbers keep all their digits.
                </Box>
              )}
            </div>
            {view === 'form' ? (
              <div ref={fields}>
                <ItemTree item={item} keys={keys} readOnly={!allowed.allowed} onChange={setItem} />
              </div>
            ) : (
              <CodeEditor
                key={view}
                language="json"
                label={view === 'plain' ? 'Item as JSON' : 'Item as DynamoDB JSON'}
                height="min(60vh, 560px)"
                value={draft}
                readOnly={!allowed.allowed}
                onChange={editText}
                lint={(text) => lintItem(text, view)}
                onSave={() => void save()}
              />
            )}
          </>
        )}
      </SpaceBetween>
    </Modal>
  );
}

function emptyItem(keys: { name: string; type: 'S' | 'N' | 'B' }[]): Item {
  const item: Item = {};
  for (const key of keys) setOwn(item, key.name, key.type === 'N' ? { N: '' } : key.type === 'S' ? { S: '' } : { B: '' });
  return item;
}

function itemProblem(item: Item, keys: { name: string; type: 'S' | 'N' | 'B' }[]): string | undefined {
  try {
    checkItem(item);
  } catch (error) {
    return (error as Error).message;
  }
  return importProblem(item, keys);
}
