import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRef, useState } from 'react';
import { call } from '../../api/dynamodb';
import type { TableDescription } from '../../api/types';
import { useTarget } from '../../app/target';
import { download, fileName } from '../../components/download';
import { ErrorAlert } from '../../components/error-alert';
import { Item } from '../../model/attribute';
import { formatCount, plural } from '../../model/format';
import { readCall, ReadForm } from '../../model/read-request';
import { keyNames, ReadTarget } from '../../model/schema';
import { FileFormat, FORMATS, writeItems } from '../../model/transfer';

interface Props {
  table: TableDescription;
  readTarget: ReadTarget;
  form: ReadForm;
  items: Item[]; // The selected ones, or all that are loaded.
  selection: boolean;
  complete: boolean; // Nothing is left to read.
  onClose: () => void;
}

// Saves items as a file: what is loaded, or everything the present query finds.
export function ExportDialog({ table, readTarget, form, items, selection, complete, onClose }: Props) {
  const { target } = useTarget();
  const [format, setFormat] = useState<FileFormat>('csv');
  const [scope, setScope] = useState(complete || selection ? 'loaded' : 'all');
  const [count, setCount] = useState<number>();
  const [error, setError] = useState<unknown>();
  const abort = useRef<AbortController>();

  const readAll = async (signal: AbortSignal) => {
    const all: Item[] = [];
    let start: Item | undefined;
    do {
      const { operation, input } = readCall(table.TableName, readTarget, { ...form, pageSize: 0 }, start);
      const { output } = await call(target, operation, input, signal);
      for (const item of output.Items ?? []) all.push(item);
      start = output.LastEvaluatedKey;
      setCount(all.length);
    } while (start);
    return all;
  };
  const run = async () => {
    setError(undefined);
    abort.current = new AbortController();
    try {
      setCount(0);
      const chosen = scope === 'all' ? await readAll(abort.current.signal) : items;
      const about = FORMATS.find((one) => one.id === format)!;
      download(fileName(table.TableName, about.extension), writeItems(chosen, format, keyNames(table)), about.type);
      onClose();
    } catch (problem) {
      if (!abort.current.signal.aborted) setError(problem);
    } finally {
      setCount(undefined);
    }
  };

  return (
    <Modal
      visible
      onDismiss={() => {
        abort.current?.abort();
        onClose();
      }}
      header="Export items"
      footer={
        <div className="toolbar">
          <Box color="text-body-secondary">{count !== undefined && scope === 'all' ? `${plural(count, 'item')} read` : ''}</Box>
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              onClick={() => {
                abort.current?.abort();
                onClose();
              }}
            >
              Cancel
            </Button>
            <Button variant="primary" loading={count !== undefined} onClick={() => void run()}>
              Export
            </Button>
          </SpaceBetween>
        </div>
      }
    >
      <SpaceBetween size="m">
        <ErrorAlert error={error} />
        <FormField label="Items">
          <RadioGroup
            value={scope}
            onChange={({ detail }) => setScope(detail.value)}
            items={[
              { value: 'loaded', label: `The ${formatCount(items.length)} ${selection ? 'selected' : 'loaded'}` },
              { value: 'all', label: 'Everything the query finds', description: 'Reads all pages first, which consumes capacity.' },
            ]}
          />
        </FormField>
        <FormField label="Format">
          <RadioGroup value={format} onChange={({ detail }) => setFormat(detail.value as FileFormat)} items={FORMATS.map((one) => ({ value: one.id, label: one.label, description: one.about }))} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
