import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { ServiceError } from '../../api/dynamodb';
import { QueryDraft, QueryVariable, runQuery, RunResult, SavedQuery } from '../../api/queries';
import { useRunKey } from '../../app/keys';
import { useTarget } from '../../app/target';
import { CodeDialog } from '../../components/code-dialog';
import { CodeEditor } from '../../components/code-editor';
import { Code } from '../../components/copy';
import { ErrorAlert } from '../../components/error-alert';
import { Page } from '../../components/page';
import { Results } from '../../components/results';
import { SaveQuery } from '../../components/save-query';
import { VariablesForm } from '../../components/variables-form';
import { Item } from '../../model/attribute';
import { formatCount, formatMs, formatUnits } from '../../model/format';
import { JsonError, parseJson } from '../../model/json';
import { filledValues, findVariables } from '../../model/variables';

const OPERATIONS = [
  'GetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem', 'BatchWriteItem', 'TransactGetItems', 'TransactWriteItems',
  'BatchExecuteStatement', 'ExecuteTransaction',
];
const STARTS: Record<string, object> = {
  Query: { TableName: 'table', KeyConditionExpression: 'pk = {{id}}' },
  GetItem: { TableName: 'table', Key: { pk: '{{id}}' } },
};

// One query: its request with {{variables}}, the values to run it with, what came back.
export function QueryEditor({ saved }: { saved?: SavedQuery }) {
  const navigate = useNavigate();
  const { connectionName, target } = useTarget();
  const [language, setLanguage] = useState<QueryDraft['language']>(saved?.language ?? 'json');
  const [operation, setOperation] = useState(saved?.operation ?? 'Query');
  const [format, setFormat] = useState(saved?.valueFormat ?? 'plain');
  const [text, setText] = useState(() => (saved ? saved.body : JSON.stringify(STARTS.Query, null, 2)));
  const [types, setTypes] = useState<Record<string, QueryVariable['type']>>({});
  const [values, setValues] = useState<Record<string, string>>({});
  const [dialog, setDialog] = useState<'save' | 'code'>();
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Extract<RunResult, { ok: true }>>();
  const [items, setItems] = useState<Item[]>([]);
  const [error, setError] = useState<unknown>();
  const [missing, setMissing] = useState<string[]>([]);
  const abort = useRef<AbortController>();

  const variables = findVariables(text).map((name): QueryVariable => {
    const known = saved?.variables.find((one) => one.name === name);
    return { ...(known ?? { required: true }), name, type: types[name] ?? known?.type ?? 'S' };
  });
  let problem: string | undefined;
  if (language === 'json') {
    try {
      parseJson(text);
    } catch (failure) {
      problem = (failure as Error).message;
    }
  }
  const draft: QueryDraft = {
    name: saved?.name,
    language,
    body: text,
    variables,
    connection: connectionName,
    ...(language === 'json' ? { operation, valueFormat: format } : {}),
  };

  const run = async (page?: unknown) => {
    if (problem || busy) return;
    abort.current = new AbortController();
    setBusy(true);
    setError(undefined);
    setMissing([]);
    try {
      const answer = await runQuery(draft, filledValues(variables, values), target.region, page, abort.current.signal);
      if (answer.ok) {
        setResult(answer);
        setItems((now) => (page ? [...now, ...(answer.items ?? [])] : (answer.items ?? [])));
      } else {
        setMissing(answer.missingVariables ?? []);
        setError(new ServiceError(answer.error.type, answer.error.message ?? answer.error.type, 400, answer.requestId ?? '', operation));
      }
    } catch (failure) {
      if (!abort.current.signal.aborted) setError(failure);
    }
    setBusy(false);
  };
  useRunKey(() => void run());
  const facts = result
    ? [
        ...(result.scannedCount === undefined ? [] : [`${formatCount(result.scannedCount)} read`]),
        ...(result.consumedCapacity?.CapacityUnits === undefined ? [] : [`${formatUnits(result.consumedCapacity.CapacityUnits)} capacity units`]),
        `server ${formatMs(result.serverMs)}`,
        `round trip ${formatMs(result.roundTripMs)}`,
      ]
    : [];

  return (
    <Page title={saved?.name ?? 'New query'} description={saved?.description}>
      <SpaceBetween size="m">
        <Container>
          <SpaceBetween size="s">
            <SpaceBetween direction="horizontal" size="m">
              <SegmentedControl
                label="Language"
                selectedId={language}
                options={[
                  { id: 'json', text: 'Request' },
                  { id: 'partiql', text: 'PartiQL' },
                ]}
                onChange={({ detail }) => {
                  const next = detail.selectedId as QueryDraft['language'];
                  setLanguage(next);
                  if (!saved) setText(next === 'partiql' ? 'SELECT * FROM "table" WHERE pk = {{id}}' : JSON.stringify(STARTS.Query, null, 2));
                }}
              />
              {language === 'json' && (
                <>
                  <Select
                    selectedOption={{ value: operation, label: operation }}
                    ariaLabel="Operation"
                    options={OPERATIONS.map((one) => ({ value: one, label: one }))}
                    onChange={({ detail }) => {
                      setOperation(detail.selectedOption.value!);
                      if (!saved && STARTS[detail.selectedOption.value!]) setText(JSON.stringify(STARTS[detail.selectedOption.value!], null, 2));
                    }}
                  />
                  <SegmentedControl
                    label="Values"
                    selectedId={format}
                    options={[
                      { id: 'plain', text: 'Plain values' },
                      { id: 'dynamodb', text: 'DynamoDB JSON' },
                    ]}
                    onChange={({ detail }) => setFormat(detail.selectedId as 'plain' | 'dynamodb')}
                  />
                </>
              )}
            </SpaceBetween>
            <CodeEditor
              key={language}
              language={language}
              label="Query"
              height={240}
              value={text}
              onChange={setText}
              onRun={() => void run()}
              onSave={() => setDialog('save')}
              lint={language === 'json' ? lintJson : undefined}
            />
            {variables.length > 0 && (
              <FormField label="Variables" description="Values are bound, never pasted into the text." stretch>
                <VariablesForm variables={variables} values={values} missing={missing} onType={(name, type) => setTypes({ ...types, [name]: type })} onValue={(name, value) => setValues({ ...values, [name]: value })} />
              </FormField>
            )}
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="primary" loading={busy} disabled={!!problem} disabledReason={problem} onClick={() => void run()}>
                {language === 'json' ? `Run ${operation}` : 'Run'}
              </Button>
              {busy && <Button onClick={() => abort.current?.abort()}>Stop</Button>}
              <Button disabled={!!problem} onClick={() => setDialog('save')}>
                Save
              </Button>
              <Button disabled={!!problem} onClick={() => setDialog('code')}>
                Show as code
              </Button>
            </SpaceBetween>
          </SpaceBetween>
        </Container>
        <ErrorAlert error={error} />
        {result?.warnings?.map((warning) => (
          <Alert key={warning} type="warning">
            {warning}
          </Alert>
        ))}
        {result && (result.items ? <Results items={items} name={saved?.name ?? 'query'} facts={facts} /> : <Code label="answer" text={JSON.stringify(result.output, null, 2)} />)}
        {result?.nextPage !== undefined && result.nextPage !== null && (
          <Button loading={busy} onClick={() => void run(result.nextPage)}>
            Next page
          </Button>
        )}
      </SpaceBetween>
      {dialog === 'save' && <SaveQuery draft={draft} saved={saved} onClose={() => setDialog(undefined)} onSaved={(query) => navigate(`/queries/${encodeURIComponent(query.id)}`, { replace: true })} />}
      {dialog === 'code' && <CodeDialog query={draft} values={filledValues(variables, values)} onClose={() => setDialog(undefined)} />}
    </Page>
  );
}

function lintJson(text: string) {
  try {
    parseJson(text);
    return [];
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return [{ severity: 'error' as const, message: error.reason, from: Math.min(error.offset, text.length), to: Math.min(error.offset + 1, text.length) }];
  }
}
