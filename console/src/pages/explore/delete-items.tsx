import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Modal from '@cloudscape-design/components/modal';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRef, useState } from 'react';
import { call, Target, WriteRequest } from '../../api/dynamodb';
import type { TableDescription } from '../../api/types';
import { useNotify } from '../../app/notify';
import { useTarget } from '../../app/target';
import { download, fileName } from '../../components/download';
import { Item } from '../../model/attribute';
import { BatchProgress, SendBatch, writeAll } from '../../model/batch';
import { formatCount, plural } from '../../model/format';
import { keyOf, keyText } from '../../model/schema';
import { writeItems } from '../../model/transfer';

export function batchSender(target: Target, table: string): SendBatch {
  return async (requests, signal) => {
    const { output } = await call(target, 'BatchWriteItem', { RequestItems: { [table]: requests } }, signal);
    return (output.UnprocessedItems?.[table] ?? []) as WriteRequest[];
  };
}

// One item goes as DeleteItem, which is what somebody may be allowed who may not write batches.
function oneSender(target: Target, table: string): SendBatch {
  return async (requests, signal) => {
    for (const request of requests) {
      if ('DeleteRequest' in request) await call(target, 'DeleteItem', { TableName: table, Key: request.DeleteRequest.Key }, signal);
    }
    return [];
  };
}

interface Props {
  table: TableDescription;
  items: Item[];
  keyNames: string[];
  onClose: () => void;
  onDeleted: (keys: Set<string>) => void;
}

// Deletes the selected items, and can keep a copy of them first.
export function DeleteItems({ table, items, keyNames, onClose, onDeleted }: Props) {
  const { target } = useTarget();
  const notify = useNotify();
  const [copy, setCopy] = useState(items.length > 1);
  const [progress, setProgress] = useState<BatchProgress>();
  const [busy, setBusy] = useState(false);
  const abort = useRef<AbortController>();

  const run = async () => {
    if (copy) download(fileName(`${table.TableName}-deleted`, 'ddb.json'), writeItems(items, 'dynamodb', keyNames), 'application/x-ndjson');
    setBusy(true);
    abort.current = new AbortController();
    const requests = items.map((item): WriteRequest => ({ DeleteRequest: { Key: keyOf(item, keyNames) } }));
    const send = items.length === 1 ? oneSender(target, table.TableName) : batchSender(target, table.TableName);
    const result = await writeAll(requests, send, setProgress, abort.current.signal);
    const failed = new Set(result.failed.map((one) => one.index));
    const stopped = abort.current.signal.aborted;
    if (!stopped) onDeleted(new Set(items.filter((_, index) => !failed.has(index)).map((item) => keyText(item, keyNames))));
    setBusy(false);
    setProgress(result);
    if (failed.size === 0 && !stopped) {
      notify.success(`${plural(result.done, 'item')} deleted.`);
      onClose();
    }
  };

  return (
    <Modal
      visible
      onDismiss={() => {
        abort.current?.abort();
        onClose();
      }}
      header={`Delete ${plural(items.length, 'item')}?`}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={busy ? () => abort.current?.abort() : onClose}>{busy ? 'Stop' : 'Cancel'}</Button>
            <Button variant="primary" loading={busy} disabled={!!progress && !busy} onClick={() => void run()}>
              Delete
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {!progress && (
          <>
            <Box>This cannot be taken back.</Box>
            <Checkbox checked={copy} onChange={({ detail }) => setCopy(detail.checked)}>
              Save a copy first, as a file that can be imported again
            </Checkbox>
          </>
        )}
        {progress && <ProgressBar value={(100 * (progress.done + progress.failed.length)) / items.length} label="Deleting" description={`${formatCount(progress.done)} of ${formatCount(items.length)}`} />}
        {progress && progress.failed.length > 0 && (
          <Alert type="error" header={`${plural(progress.failed.length, 'item')} could not be deleted`}>
            {progress.failed[0]!.message}
          </Alert>
        )}
      </SpaceBetween>
    </Modal>
  );
}
