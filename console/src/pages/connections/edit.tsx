import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ReactNode, useEffect, useRef, useState } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import { Connection, connectionOptions, ConnectionRole, createConnection, getConnection, listConnections, testConnection, TestResult, updateConnection } from '../../api/connections';
import { ApiError } from '../../api/http';
import { useNotify } from '../../app/notify';
import { useSession } from '../../app/session';
import { ErrorAlert } from '../../components/error-alert';
import { Loading } from '../../components/loading';
import { Page } from '../../components/page';
import { checkConnection, connectionToSend, emptyConnection } from '../../model/connection-form';
import { CidrEditor } from '../identity/cidr-editor';
import { OptionsEditor } from './options-editor';
import { TestSteps } from './test-steps';

export default function EditConnection() {
  const { name } = useParams();
  const { session } = useSession();
  const saved = useQuery({ queryKey: ['connection', name], queryFn: () => getConnection(name!), enabled: !!name });
  if (name && !saved.data) return saved.error ? <ErrorAlert error={saved.error} /> : <Loading />;
  return <ConnectionForm key={name ?? ''} saved={saved.data} start={saved.data ?? emptyConnection(session.region)} />;
}

const ROLES: { value: ConnectionRole; label: string; description: string }[] = [
  { value: 'viewer', label: 'Viewer', description: 'Reads only.' },
  { value: 'editor', label: 'Editor', description: 'Reads and writes items.' },
  { value: 'admin', label: 'Administrator', description: 'Everything, tables included.' },
];
const ENVIRONMENTS = [
  { value: 'development', label: 'Development' },
  { value: 'staging', label: 'Staging' },
  { value: 'production', label: 'Production', description: 'A red bar is shown while it is in use.' },
];
const REGIONS = ['us-east-1', 'us-east-2', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-south-1', 'ap-southeast-1', 'ap-northeast-1'];

function ConnectionForm({ saved, start }: { saved?: Connection; start: Connection }) {
  const { info } = useSession();
  const navigate = useNavigate();
  const notify = useNotify();
  const client = useQueryClient();
  const { data: known = [] } = useQuery({ queryKey: ['connection-options'], queryFn: connectionOptions, staleTime: Infinity });
  const { data: others = [] } = useQuery({ queryKey: ['connections'], queryFn: listConnections });
  const [form, setForm] = useState(start);
  const [replaceSecret, setReplaceSecret] = useState(!saved?.secretSet);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState<'test' | 'save'>();
  const [result, setResult] = useState<TestResult>();
  const [error, setError] = useState<unknown>();
  const [saveAnyway, setSaveAnyway] = useState(false);
  const set = (values: Partial<Connection>) => {
    setForm((now) => ({ ...now, ...values }));
    setSaveAnyway(false);
  };
  const { errors, warnings } = checkConnection(form, known, others.map((one) => one.name).filter((one) => one !== saved?.name), !replaceSecret);
  const valid = Object.keys(errors).length === 0;
  const text = (field: keyof Connection) => (form[field] as string | undefined) ?? '';
  const shown = (field: string, value: string) => (tried || value !== '' ? errors[field] : undefined);

  const test = async (): Promise<TestResult | undefined> => {
    setTried(true);
    // A connection can be tried before it has a name.
    if (Object.keys(errors).some((field) => field !== 'name')) return undefined;
    setError(undefined);
    try {
      const outcome = await testConnection(connectionToSend(form), saved?.name);
      setResult(outcome);
      return outcome;
    } catch (problem) {
      setError(problem);
      setResult(undefined);
      // What the server takes for wrong it would not save either.
      setSaveAnyway(!(problem instanceof ApiError && problem.status === 400));
      return undefined;
    }
  };
  const store = async () => {
    setBusy('save');
    try {
      if (saved) await updateConnection(saved.name, connectionToSend(form));
      else await createConnection(connectionToSend(form));
      notify.success(`${form.name} is saved.`);
      void client.invalidateQueries({ queryKey: ['connections'] });
      void client.invalidateQueries({ queryKey: ['connection'] });
      void client.invalidateQueries({ queryKey: ['dialect'] });
      navigate('/connections');
    } catch (problem) {
      setError(problem);
    }
    setBusy(undefined);
  };
  const save = async () => {
    setTried(true);
    if (!valid || busy) return;
    setBusy('save');
    const outcome = await test();
    setBusy(undefined);
    if (outcome?.ok) await store();
    else if (outcome) setSaveAnyway(true);
  };
  const saveNow = useRef(save);
  saveNow.current = save;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
        event.preventDefault();
        void saveNow.current();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const field = (name: keyof Connection, label: string, options: { description?: ReactNode; placeholder?: string; type?: 'text' | 'password' } = {}) => (
    <FormField label={label} description={options.description} errorText={shown(name, text(name))} warningText={warnings[name]}>
      <Input
        value={text(name)}
        type={options.type ?? 'text'}
        placeholder={options.placeholder}
        spellcheck={false}
        autoComplete={options.type === 'password' ? 'new-password' : false}
        onChange={({ detail }) => set({ [name]: detail.value })}
      />
    </FormField>
  );

  return (
    <Page title={saved ? saved.name : 'New connection'}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" onClick={() => navigate('/connections')}>
                Cancel
              </Button>
              <Button
                formAction="none"
                loading={busy === 'test'}
                onClick={() => {
                  setBusy('test');
                  void test().then(() => setBusy(undefined));
                }}
              >
                Test connection
              </Button>
              {saveAnyway && (
                <Button formAction="none" disabled={!valid} onClick={() => void store()}>
                  Save anyway
                </Button>
              )}
              <Button variant="primary" formAction="submit" loading={busy === 'save'}>
                Save
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="m">
            <Container header={<Header variant="h2">Connection</Header>}>
              <SpaceBetween size="m">
                <ColumnLayout columns={2}>
                  {field('name', 'Name', { placeholder: 'orders-staging' })}
                  {field('endpoint', 'Endpoint URL', { placeholder: 'http://localhost:8000', description: 'Empty means AWS, by region.' })}
                </ColumnLayout>
                <ColumnLayout columns={2}>
                  {field('accessKeyId', 'AWS access key')}
                  {replaceSecret ? (
                    field('secretAccessKey', 'AWS secret key', { type: 'password' })
                  ) : (
                    <FormField label="AWS secret key" description="Stored encrypted, and never shown again.">
                      <Button formAction="none" onClick={() => setReplaceSecret(true)}>
                        Replace
                      </Button>
                    </FormField>
                  )}
                </ColumnLayout>
                <ColumnLayout columns={2}>
                  <FormField label="AWS region" errorText={shown('region', form.region)}>
                    <Input value={form.region} spellcheck={false} nativeInputAttributes={{ list: 'regions' }} onChange={({ detail }) => set({ region: detail.value })} />
                    <datalist id="regions">
                      {[...new Set([info.region, ...REGIONS])].map((one) => (
                        <option key={one} value={one} />
                      ))}
                    </datalist>
                  </FormField>
                  {field('roleArn', 'Role to assume (ARN)', { placeholder: 'arn:aws:iam::123456789012:role/RoleName', description: 'Optional: all calls are made with the temporary keys of this role.' })}
                </ColumnLayout>
                <ExpandableSection headerText="More about the keys and the role" defaultExpanded={!!(form.externalId || form.roleSessionName || form.sessionTokenSet)}>
                  <ColumnLayout columns={2}>
                    {field('sessionToken', 'Session token', { type: 'password', description: form.sessionTokenSet ? 'One is stored; typing replaces it.' : 'For temporary keys.' })}
                    {field('externalId', 'External ID', { description: 'When the trust policy of the role asks for one.' })}
                    {field('roleSessionName', 'Session name', { placeholder: 'connector-name' })}
                    {field('stsEndpoint', 'STS endpoint', { description: 'Empty means the same endpoint.' })}
                    <FormField label="Session duration, in seconds" errorText={errors.durationSeconds}>
                      <Input
                        type="number"
                        value={form.durationSeconds === undefined ? '' : String(form.durationSeconds)}
                        placeholder="3600"
                        onChange={({ detail }) => set({ durationSeconds: detail.value === '' ? undefined : Number(detail.value) })}
                      />
                    </FormField>
                  </ColumnLayout>
                </ExpandableSection>
              </SpaceBetween>
            </Container>
            <Container header={<Header variant="h2">Use</Header>}>
              <SpaceBetween size="m">
                <ColumnLayout columns={2}>
                  <FormField label="User role" description="What the console lets through, and the session tag UserRole when a role is assumed.">
                    <Select selectedOption={ROLES.find((one) => one.value === form.userRole)!} options={ROLES} onChange={({ detail }) => set({ userRole: detail.selectedOption.value as ConnectionRole })} />
                  </FormField>
                  <FormField label="Environment">
                    <Select
                      selectedOption={ENVIRONMENTS.find((one) => one.value === form.environment) ?? null}
                      options={ENVIRONMENTS}
                      placeholder="None"
                      onChange={({ detail }) => set({ environment: detail.selectedOption.value as Connection['environment'] })}
                    />
                  </FormField>
                  <FormField label="Tables to show" description="Comma-separated names, or beginnings with a star; empty shows all.">
                    <Input
                      value={(form.tableFilter ?? []).join(', ')}
                      placeholder="orders, app-*"
                      onChange={({ detail }) => set({ tableFilter: detail.value.split(',').map((one) => one.trim()).filter((one, index, all) => one !== '' || index === all.length - 1) })}
                      onBlur={() => set({ tableFilter: (form.tableFilter ?? []).filter((one) => one !== '') })}
                    />
                  </FormField>
                  <Checkbox checked={form.readOnly} description="Calls that write are refused before they are sent." onChange={({ detail }) => set({ readOnly: detail.checked })}>
                    Read-only
                  </Checkbox>
                </ColumnLayout>
                <CidrEditor label="Whitelist IP" description="Addresses that may use this connection; empty means all." value={form.allowedIps} own={info.peerAddress} onChange={(allowedIps) => set({ allowedIps })} />
              </SpaceBetween>
            </Container>
            <Container header={<Header variant="h2" description="Pairs of keys and values.">Connection options</Header>}>
              <OptionsEditor value={form.options} known={known} errors={errors} onChange={(options) => set({ options })} />
            </Container>
            <ErrorAlert error={error} />
            {tried && !valid && <Alert type="warning">Some fields need another look: {Object.values(errors)[0]}</Alert>}
            {result && <TestSteps result={result} />}
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  );
}
