import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getAllowList, putAllowList } from '../../api/server';
import { useNotify } from '../../app/notify';
import { useSession } from '../../app/session';
import { ErrorAlert } from '../../components/error-alert';
import { Page } from '../../components/page';
import { LocalOnly } from '../../components/unavailable';
import { CidrEditor } from './cidr-editor';

export default function AllowList() {
  const { session } = useSession();
  const notify = useNotify();
  const { data, error, refetch } = useQuery({ queryKey: ['allow-list'], queryFn: getAllowList });
  const [draft, setDraft] = useState<string[]>();
  const [busy, setBusy] = useState(false);
  const admin = session.consoleRole === 'admin';
  const value = draft ?? data?.cidrs ?? [];
  const dirty = value.join() !== (data?.cidrs ?? []).join();
  const save = async () => {
    setBusy(true);
    try {
      await putAllowList(value);
      notify.success('The allow-list is in force.');
      await refetch();
      setDraft(undefined);
    } catch (problem) {
      notify.failure('The allow-list was not saved', problem);
    }
    setBusy(false);
  };
  return (
    <LocalOnly>
      <Page
        title="IP allow-list"
        description="Who may reach this server at all; everyone else is turned away before a request is read."
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={!dirty || busy} onClick={() => setDraft(undefined)}>
              Undo
            </Button>
            <Button variant="primary" loading={busy} disabled={!dirty || !admin} disabledReason={admin ? undefined : 'Only administrators change the allow-list.'} onClick={() => void save()}>
              Save
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="m">
          <ErrorAlert error={error} />
          {data && (
            <Container>
              <SpaceBetween size="m">
                <CidrEditor label="Allowed addresses" value={value} own={data.peerAddress} onChange={setDraft} />
                {value.length === 0 && <Alert type="info">The list is empty: every address is allowed.</Alert>}
                {data.loopbackAlways && <Alert type="info">The machine itself is always allowed, so that nobody is locked out.</Alert>}
              </SpaceBetween>
            </Container>
          )}
        </SpaceBetween>
      </Page>
    </LocalOnly>
  );
}
