import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FileUpload from '@cloudscape-design/components/file-upload';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useMemo, useRef, useState } from 'react';
import type { WriteRequest } from '../../api/dynamodb';
import type { TableDescription } from '../../api/types';
import { useTarget } from '../../app/target';
import { useRefreshTables } from '../../app/tables';
import { download, fileName } from '../../components/download';
import { ErrorAlert } from '../../components/error-alert';
import { BatchProgress, writeAll } from '../../model/batch';
import { Column, ColumnType } from '../../model/csv';
import { formatCount, plural } from '../../model/format';
import { preview } from '../../model/preview';
import { keyAttributes } from '../../model/schema';
import { FileFormat, FORMATS, guessFormat, importProblem, readItems } from '../../model/transfer';
import { batchSender } from './delete-items';

const COLUMN_TYPES: { value: ColumnType; label: string }[] = [
  { value: 'S', label: 'String' },
  { value: 'N', label: 'Number' },
  { value: 'BOOL', label: 'Boolean' },
  { value: 'B', label: 'Binary' },
  { value: 'json', label: 'DynamoDB JSON' },
];

// Reads a file, shows what it understood, and writes the items; what fails is listed and can be
// saved, corrected and imported again.
export function ImportDialog({ table, onClose, onDone }: { table: TableDescription; onClose: () => void; onDone: () => void }) {
  const { target } = useTarget();
  const refresh = useRefreshTables();
  const [files, setFiles] = useState<File[]>([]);
  const [text, setText] = useState<string>();
  const [format, setFormat] = useState<FileFormat>('csv');
  const [columns, setColumns] = useState<Column[]>();
  const [progress, setProgress] = useState<BatchProgress>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const abort = useRef<AbortController>();
  const keys = useMemo(() => [...keyAttributes(table.KeySchema ?? [], table, 'HASH'), ...keyAttributes(table.KeySchema ?? [], table, 'RANGE')], [table]);

  const file = useMemo(() => {
    if (text === undefined) return undefined;
    try {
      return readItems(text, format, columns);
    } catch (problem) {
      return { format, items: [], errors: [{ line: 1, message: (problem as Error).message }] };
    }
  }, [text, format, columns]);
  // The type of a key column follows from the table; nobody should have to say it.
  const usedColumns = file && 'columns' in file ? file.columns : undefined;
  const refused = useMemo(
    () => (file?.items ?? []).map((item, index) => ({ line: index + 1, message: importProblem(item, keys) })).filter((one): one is { line: number; message: string } => !!one.message),
    [file, keys],
  );
  const good = useMemo(() => (file?.items ?? []).filter((item) => !importProblem(item, keys)), [file, keys]);
  const problems = [...(file?.errors ?? []).map((one) => `Line ${one.line}: ${one.message}`), ...refused.map((one) => `Item ${one.line}: ${one.message}`)];

  const choose = async (chosen: File[]) => {
    setFiles(chosen);
    setError(undefined);
    setProgress(undefined);
    setColumns(undefined);
    if (!chosen[0]) return setText(undefined);
    try {
      const read = await chosen[0].text();
      const guess = guessFormat(chosen[0].name, read);
      setFormat(guess);
      if (guess === 'csv') {
        const found = readItems(read, guess).columns ?? [];
        const typed = found.map((column) => {
          const key = keys.find((one) => one.name === column.name);
          return key && column.type === 'S' ? { ...column, type: key.type } : column;
        });
        setColumns(typed);
      }
      setText(read);
    } catch (problem) {
      setError(problem);
    }
  };

  const run = async () => {
    setBusy(true);
    abort.current = new AbortController();
    const requests = good.map((Item): WriteRequest => ({ PutRequest: { Item } }));
    const result = await writeAll(requests, batchSender(target, table.TableName), setProgress, abort.current.signal);
    setProgress(result);
    setBusy(false);
    refresh(table.TableName);
    onDone();
  };
  const saveFailed = () => {
    if (!progress) return;
    const lines = progress.failed.map((one) => JSON.stringify({ Item: good[one.index], Error: one.message }));
    download(fileName(`${table.TableName}-not-imported`, 'jsonl'), lines.join('\n') + '\n', 'application/x-ndjson');
  };

  const finished = progress && !busy;
  return (
    <Modal
      visible
      size="large"
      onDismiss={() => {
        abort.current?.abort();
        onClose();
      }}
      header={`Import into ${table.TableName}`}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            {busy && <Button onClick={() => abort.current?.abort()}>Stop</Button>}
            <Button onClick={onClose} disabled={busy}>
              {finished ? 'Close' : 'Cancel'}
            </Button>
            {!finished && (
              <Button variant="primary" loading={busy} disabled={good.length === 0} onClick={() => void run()}>
                {good.length ? `Import ${plural(good.length, 'item')}` : 'Import'}
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <ErrorAlert error={error} />
        {!progress && (
          <FormField label="File" description="CSV, JSON lines, a JSON list, DynamoDB JSON, or the data files of an export. Items with the same key are replaced.">
            <FileUpload
              value={files}
              onChange={({ detail }) => void choose(detail.value)}
              showFileSize
              accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson"
              i18nStrings={{
                uploadButtonText: () => 'Choose a file',
                dropzoneText: () => 'Drop a file here',
                removeFileAriaLabel: () => 'Remove the file',
                limitShowFewer: 'Fewer',
                limitShowMore: 'More',
                errorIconAriaLabel: 'Error',
              }}
            />
          </FormField>
        )}
        {file && !progress && (
          <>
            <FormField label="Format">
              <Select selectedOption={FORMATS.map(toOption).find((one) => one.value === format)!} options={FORMATS.map(toOption)} onChange={({ detail }) => setFormat(detail.selectedOption.value as FileFormat)} />
            </FormField>
            {format === 'csv' && usedColumns && (
              <FormField label="Columns" description="What each column holds.">
                <div className="tree">
                  {usedColumns.map((column, index) => (
                    <div key={index} style={{ display: 'flex', gap: 8, padding: '2px 0' }}>
                      <span className="name" style={{ flex: '0 0 12rem' }}>
                        {column.name}
                      </span>
                      <select
                        className="field-input"
                        style={{ width: '10rem' }}
                        aria-label={`Type of ${column.name}`}
                        value={column.type}
                        onChange={(event) => setColumns(usedColumns.map((old, at) => (at === index ? { ...old, type: event.target.value as ColumnType } : old)))}
                      >
                        {COLUMN_TYPES.map((type) => (
                          <option key={type.value} value={type.value}>
                            {type.label}
                          </option>
                        ))}
                      </select>
                      <span className="muted">{file.items[0]?.[column.name] ? preview(file.items[0][column.name]!, 60) : ''}</span>
                    </div>
                  ))}
                </div>
              </FormField>
            )}
            <Box>
              {plural(good.length, 'item')} can be imported{problems.length ? `, ${formatCount(problems.length)} cannot.` : '.'}
            </Box>
          </>
        )}
        {!progress && problems.length > 0 && (
          <Alert type="warning" header={`${plural(problems.length, 'problem')} in the file`}>
            <ul>
              {problems.slice(0, 8).map((problem, index) => (
                <li key={index}>{problem}</li>
              ))}
            </ul>
            {problems.length > 8 && `and ${formatCount(problems.length - 8)} more.`}
          </Alert>
        )}
        {progress && (
          <ProgressBar
            value={(100 * (progress.done + progress.failed.length)) / Math.max(1, good.length)}
            status={busy ? 'in-progress' : progress.failed.length ? 'error' : 'success'}
            label="Writing items"
            additionalInfo={`${formatCount(progress.done)} of ${formatCount(good.length)} written`}
            resultText={progress.failed.length ? `${plural(progress.failed.length, 'item')} failed` : `${plural(progress.done, 'item')} imported`}
          />
        )}
        {finished && progress.failed.length > 0 && (
          <Table
            variant="embedded"
            header={<Button onClick={saveFailed}>Save the failed items</Button>}
            items={progress.failed.slice(0, 100)}
            columnDefinitions={[
              { id: 'index', header: 'Item', cell: (one) => formatCount(one.index + 1) },
              { id: 'message', header: 'Error', cell: (one) => one.message },
            ]}
          />
        )}
      </SpaceBetween>
    </Modal>
  );
}

const toOption = (format: { id: FileFormat; label: string; about: string }) => ({ value: format.id, label: format.label, description: format.about });
