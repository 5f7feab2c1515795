import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Tabs from '@cloudscape-design/components/tabs';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { listQueries, QueryDraft, QueryVariable, SavedQuery } from '../../api/queries';
import { useTableDescriptions, useTableNames } from '../../app/tables';
import { useRunKey } from '../../app/keys';
import { useTarget } from '../../app/target';
import { CodeDialog } from '../../components/code-dialog';
import { CodeEditor } from '../../components/code-editor';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { Page } from '../../components/page';
import { Results } from '../../components/results';
import { SaveQuery } from '../../components/save-query';
import { VariablesForm } from '../../components/variables-form';
import { formatMs, formatTime, formatUnits } from '../../model/format';
import { complete } from '../../model/partiql/complete';
import { explain } from '../../model/partiql/explain';
import { countParameters, splitStatements } from '../../model/partiql/lexer';
import { filledValues, findVariables } from '../../model/variables';
import { ParametersForm, Parameter, parameterValues } from './parameters';
import { useStatement } from './run';

export default function Partiql() {
  const { connectionName, target } = useTarget();
  const [params] = useSearchParams();
  const place = `${connectionName ?? ''}.${target.region ?? ''}`;
  const draftKey = `armature.partiql.${place}`;
  const { data: names = [] } = useTableNames();
  const descriptions = useTableDescriptions(names.slice(0, 100));
  const { data: queries = [] } = useQuery({ queryKey: ['queries', connectionName ?? ''], queryFn: () => listQueries(connectionName), retry: false });
  const saved = queries.filter((one) => one.language === 'partiql');
  const fromLink = params.get('table');
  const [text, setTextState] = useState(() => (fromLink ? `SELECT * FROM "${fromLink}"` : (sessionStorage.getItem(draftKey) ?? '')));
  const [loaded, setLoaded] = useState<SavedQuery>();
  const [types, setTypes] = useState<Record<string, QueryVariable['type']>>({});
  const [values, setValues] = useState<Record<string, string>>({});
  const [parameters, setParameters] = useState<Parameter[]>([]);
  const [consistent, setConsistent] = useState(false);
  const [dialog, setDialog] = useState<'save' | 'code'>();
  const statement = useStatement(place);

  const setText = (next: string) => {
    setTextState(next);
    sessionStorage.setItem(draftKey, next);
  };
  const tables = useMemo(
    () =>
      names.slice(0, 100).flatMap((name, index) => {
        const table = descriptions[index]?.data;
        if (!table) return [{ name, indexes: [], attributes: [] }];
        const seen = statement.attributes[name] ?? [];
        return [
          {
            name,
            indexes: [...(table.LocalSecondaryIndexes ?? []), ...(table.GlobalSecondaryIndexes ?? [])].map((one) => one.IndexName),
            attributes: [...new Set([...(table.AttributeDefinitions ?? []).map((one) => one.AttributeName), ...seen])],
          },
        ];
      }),
    [names, descriptions, statement.attributes],
  );
  const describe = (name: string) => descriptions[names.indexOf(name)]?.data;
  const statements = splitStatements(text);
  const first = statements[0]?.text ?? '';
  const variables = findVariables(text).map(
    (name): QueryVariable => ({ ...(loaded?.variables.find((one) => one.name === name) ?? { required: true }), name, type: types[name] ?? loaded?.variables.find((one) => one.name === name)?.type ?? 'S' }),
  );
  const count = countParameters(first);
  const plan = first ? explain(first, describe) : undefined;
  const draft: QueryDraft = { language: 'partiql', body: first, variables, connection: connectionName };

  const run = useCallback(
    (selection: string) => {
      const wanted = selection.trim() || text;
      const all = splitStatements(wanted);
      if (all.length === 0) return;
      void statement.run(all.map((one) => one.text), { variables, values, parameters: parameterValues(parameters, count), consistent });
    },
    [text, statement, variables, values, parameters, count, consistent],
  );
  useRunKey(() => run(''));
  const facts = [
    ...(statement.serverMs === undefined ? [] : [`server ${formatMs(statement.serverMs)}`]),
    ...(statement.roundTripMs === undefined ? [] : [`round trip ${formatMs(statement.roundTripMs)}`]),
    ...(statement.units === undefined ? [] : [`${formatUnits(statement.units)} capacity units`]),
    ...(statement.nextPage ? ['more to read'] : []),
  ];

  return (
    <Page title="PartiQL editor" description="SQL-like statements on tables and items.">
      <SpaceBetween size="m">
        <Container>
          <SpaceBetween size="s">
            <CodeEditor
              language="partiql"
              label="PartiQL statements"
              height={180}
              autoFocus
              value={text}
              placeholder={'SELECT * FROM "table" WHERE key = {{value}}'}
              onChange={setText}
              onRun={run}
              onSave={() => setDialog('save')}
              complete={(all, at, explicit) => {
                const { from, quoted, suggestions } = complete(all, at, tables);
                if (!explicit && !quoted && from === at && !/\.$|(FROM|INTO|UPDATE)\s$/i.test(all.slice(0, at))) return undefined;
                return {
                  from,
                  options: suggestions.map((one) => ({
                    label: one.label,
                    apply: one.insert,
                    type: { table: 'class', index: 'interface', attribute: 'property', keyword: 'keyword', function: 'function' }[one.kind],
                    boost: one.kind === 'keyword' ? 0 : 10,
                  })),
                };
              }}
            />
            <div style={{ minHeight: 22 }}>{plan && <StatusIndicator type={plan.severity === 'warning' ? 'warning' : 'info'}>{plan.text}</StatusIndicator>}</div>
            {variables.length > 0 && (
              <VariablesForm variables={variables} values={values} missing={statement.missing} onType={(name, type) => setTypes({ ...types, [name]: type })} onValue={(name, value) => setValues({ ...values, [name]: value })} />
            )}
            {count > 0 && <ParametersForm count={count} value={parameters} onChange={setParameters} />}
            <div className="toolbar">
              <SpaceBetween direction="horizontal" size="xs" alignItems="center">
                <Button variant="primary" loading={statement.busy} disabled={statements.length === 0} onClick={() => run('')}>
                  {statements.length > 1 ? `Run ${statements.length} statements` : 'Run'}
                </Button>
                {statement.busy && <Button onClick={statement.cancel}>Stop</Button>}
                <Button disabled={!first} onClick={() => setDialog('save')}>
                  Save
                </Button>
                <Button disabled={!first} onClick={() => setDialog('code')}>
                  Show as code
                </Button>
                <Checkbox checked={consistent} onChange={({ detail }) => setConsistent(detail.checked)}>
                  Consistent read
                </Checkbox>
              </SpaceBetween>
              <SpaceBetween direction="horizontal" size="xs">
                {saved.length > 0 && (
                  <Select
                    selectedOption={loaded ? { value: loaded.id, label: loaded.name } : null}
                    placeholder="Saved queries"
                    ariaLabel="Saved queries"
                    options={saved.map((one) => ({ value: one.id, label: one.name, description: one.description }))}
                    onChange={({ detail }) => {
                      const query = saved.find((one) => one.id === detail.selectedOption.value)!;
                      setLoaded(query);
                      setText(query.body);
                      setValues(Object.fromEntries(query.variables.flatMap((one) => (one.default === undefined ? [] : [[one.name, String(one.default)]]))));
                    }}
                  />
                )}
                <Box color="text-body-secondary" fontSize="body-s">
                  Ctrl+Enter runs, Ctrl+S saves.
                </Box>
              </SpaceBetween>
            </div>
          </SpaceBetween>
        </Container>
        <ErrorAlert error={statement.error} />
        {statement.warnings.map((warning) => (
          <Alert key={warning} type="warning">
            {warning}
          </Alert>
        ))}
        <Tabs
          tabs={[
            {
              id: 'result',
              label: 'Result',
              content: statement.items ? (
                <SpaceBetween size="s">
                  {statement.log.length > 1 && statement.log.map((line, index) => <StatusIndicator key={index} type={line.ok ? 'success' : 'error'}>{line.text}</StatusIndicator>)}
                  <Results items={statement.items} name="partiql" facts={facts} />
                  {statement.nextPage !== undefined && (
                    <Button loading={statement.busy} onClick={statement.more}>
                      Next page
                    </Button>
                  )}
                </SpaceBetween>
              ) : (
                <Empty title="Nothing was run yet">Write a statement, and press Ctrl+Enter.</Empty>
              ),
            },
            {
              id: 'history',
              label: `History (${statement.history.length})`,
              content: statement.history.length ? (
                <ul className="palette">
                  {statement.history.map((entry) => (
                    <li key={entry.at} style={{ cursor: 'auto' }}>
                      <Button variant="inline-link" onClick={() => setText(entry.statement)}>
                        {entry.statement.length > 160 ? `${entry.statement.slice(0, 160)}…` : entry.statement}
                      </Button>
                      <span className="muted">
                        {entry.ok ? formatMs(entry.ms) : 'failed'} · {formatTime(entry.at / 1000)}
                      </span>
                    </li>
                  ))}
                </ul>
              ) : (
                <Empty title="No statements yet">What you run is kept here, in this browser.</Empty>
              ),
            },
          ]}
        />
      </SpaceBetween>
      {dialog === 'save' && first && <SaveQuery draft={draft} saved={loaded} onClose={() => setDialog(undefined)} onSaved={setLoaded} />}
      {dialog === 'code' && <CodeDialog query={draft} values={filledValues(variables, values)} onClose={() => setDialog(undefined)} />}
    </Page>
  );
}
