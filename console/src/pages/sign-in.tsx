import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { FormEvent, useState } from 'react';
import { ApiError } from '../api/http';
import { Credentials, ServerInfo, Session, signIn } from '../api/session';

interface Props {
  info: ServerInfo;
  ended: boolean;
  onSignedIn: (session: Session) => void;
}

export default function SignIn({ info, ended, onSignedIn }: Props) {
  const [way, setWay] = useState('key');
  const [keyId, setKeyId] = useState('');
  const [secret, setSecret] = useState('');
  const [token, setToken] = useState('');
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();

  const enter = async (credentials: Credentials) => {
    setBusy(true);
    setError(undefined);
    try {
      onSignedIn(await signIn(credentials));
    } catch (problem) {
      setError(problem as Error);
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void enter(
      way === 'key'
        ? { accessKeyId: keyId.trim(), secretAccessKey: secret.trim(), ...(token.trim() ? { sessionToken: token.trim() } : {}) }
        : { userName: user.trim(), password },
    );
  };
  const complete = way === 'key' ? keyId.trim() !== '' && secret.trim() !== '' : user.trim() !== '' && password !== '';

  return (
    <main className="centered">
      <SpaceBetween size="l">
        <Box textAlign="center" variant="h1">
          Armature
        </Box>
        {ended && <Alert type="info">Your session has ended. Sign in to go on.</Alert>}
        {!info.secure && !isLoopback() && (
          <Alert type="warning" header="This connection is not encrypted">
            What you type here can be read on the way. Serve the console over TLS.
          </Alert>
        )}
        {info.dev && (
          <Container header={<Header variant="h2">Development server</Header>}>
            <SpaceBetween size="s">
              <Box>Data is kept in memory, and any credentials are accepted.</Box>
              <Button variant="primary" loading={busy} onClick={() => void enter({})}>
                Continue as root
              </Button>
            </SpaceBetween>
          </Container>
        )}
        <form onSubmit={submit}>
          <Container header={<Header variant="h2">Sign in</Header>}>
            <Form
              actions={
                <Button variant={info.dev ? 'normal' : 'primary'} formAction="submit" loading={busy} disabled={!complete}>
                  Sign in
                </Button>
              }
              errorText={error?.message}
            >
              <SpaceBetween size="m">
                <SegmentedControl
                  label="How to sign in"
                  selectedId={way}
                  onChange={({ detail }) => setWay(detail.selectedId)}
                  options={[
                    { id: 'key', text: 'Access key' },
                    { id: 'password', text: 'User and password' },
                  ]}
                />
                {way === 'key' ? (
                  <>
                    <FormField label="Access key ID">
                      <Input value={keyId} autoFocus={!info.dev} autoComplete="username" spellcheck={false} onChange={({ detail }) => setKeyId(detail.value)} />
                    </FormField>
                    <FormField label="Secret access key">
                      <Input value={secret} type="password" autoComplete="current-password" onChange={({ detail }) => setSecret(detail.value)} />
                    </FormField>
                    <ExpandableSection headerText="Temporary credentials">
                      <FormField label="Session token" description="Needed with keys that begin with ASIA.">
                        <Input value={token} type="password" autoComplete="off" onChange={({ detail }) => setToken(detail.value)} />
                      </FormField>
                    </ExpandableSection>
                  </>
                ) : (
                  <>
                    <FormField label="User name">
                      <Input value={user} autoFocus autoComplete="username" spellcheck={false} onChange={({ detail }) => setUser(detail.value)} />
                    </FormField>
                    <FormField label="Password">
                      <Input value={password} type="password" autoComplete="current-password" onChange={({ detail }) => setPassword(detail.value)} />
                    </FormField>
                  </>
                )}
                {error instanceof ApiError && error.remedy && <Box color="text-body-secondary">{error.remedy}</Box>}
              </SpaceBetween>
            </Form>
          </Container>
        </form>
        <Box textAlign="center" color="text-body-secondary" fontSize="body-s">
          {info.product} {info.version} · region {info.region} · account {info.accountId}
          {!info.dev && <div>The root key pair was printed when the server first started; see the file of credentials beside its data.</div>}
        </Box>
      </SpaceBetween>
    </main>
  );
}

function isLoopback(): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(window.location.hostname);
}
