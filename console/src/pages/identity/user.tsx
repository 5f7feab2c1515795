import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import * as iam from '../../api/iam';
import { useNotify } from '../../app/notify';
import { useArns } from '../../app/permissions';
import { AllowedButton } from '../../components/allowed-button';
import { Confirm } from '../../components/confirm';
import { Copy } from '../../components/copy';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { FormDialog } from '../../components/form-dialog';
import { PageLink } from '../../components/link';
import { by, ListTable } from '../../components/list-table';
import { Page } from '../../components/page';
import { LocalOnly } from '../../components/unavailable';
import { formatTime } from '../../model/format';
import { passwordError } from '../../model/policy/names';
import { HolderPolicies } from './holder-policies';
import { SecretDialog } from './secret-dialog';
import { UserAddresses } from './user-addresses';

export default function User() {
  const { name = '' } = useParams();
  const arns = useArns();
  const navigate = useNavigate();
  const client = useQueryClient();
  const user = useQuery({ queryKey: ['user', name], queryFn: () => iam.getUser(name) });
  const [deleting, setDeleting] = useState(false);
  return (
    <LocalOnly>
      <Page
        title={name}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => navigate(`/access?principal=${encodeURIComponent(user.data?.arn ?? '')}`)}>What may it do?</Button>
            <AllowedButton action="iam:DeleteUser" resource={arns.iam(`user/${name}`)} onClick={() => setDeleting(true)}>
              Delete
            </AllowedButton>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="m">
          <ErrorAlert error={user.error} />
          <Container header={<Header variant="h2">User</Header>}>
            <KeyValuePairs
              columns={3}
              items={[
                { label: 'ARN', value: user.data ? <Copy text={user.data.arn} label="Copy the ARN" /> : '–' },
                { label: 'Created', value: formatTime(user.data?.created) },
                { label: 'Last signed in to the console', value: formatTime(user.data?.passwordLastUsed) },
              ]}
            />
          </Container>
          <AccessKeys user={name} />
          <Password user={name} />
          <Groups user={name} />
          <HolderPolicies holder={{ kind: 'User', name }} />
          <UserAddresses user={name} />
        </SpaceBetween>
        {deleting && (
          <Confirm
            title={`Delete ${name}?`}
            action="Delete user"
            typed={name}
            onClose={() => setDeleting(false)}
            onConfirm={async () => {
              await iam.deleteUserWithBelongings(name);
              void client.invalidateQueries({ queryKey: ['users'] });
              navigate('/users');
            }}
          >
            Its keys stop working at once, and its password, memberships and inline policies go with it.
          </Confirm>
        )}
      </Page>
    </LocalOnly>
  );
}

type KeyRow = iam.AccessKey & { used?: { date: string; service: string; region: string } };

function AccessKeys({ user }: { user: string }) {
  const arns = useArns();
  const notify = useNotify();
  const { data = [], error, isLoading, refetch } = useQuery({
    queryKey: ['access-keys', user],
    queryFn: async (): Promise<KeyRow[]> => {
      const keys = await iam.listAccessKeys(user);
      // When it was last used is a comfort, not a reason to show nothing.
      return Promise.all(keys.map(async (key) => ({ ...key, used: await iam.accessKeyLastUsed(key.id).catch(() => undefined) })));
    },
  });
  const [created, setCreated] = useState<iam.NewAccessKey>();
  const [deleting, setDeleting] = useState<string>();
  const resource = arns.iam(`user/${user}`);
  const act = async (what: string, work: () => Promise<unknown>) => {
    try {
      await work();
      await refetch();
    } catch (problem) {
      notify.failure(what, problem);
    }
  };
  return (
    <>
      <ErrorAlert error={error} header="The access keys could not be read" />
      <ListTable
        title="Access keys"
        description="Two at a time, so that one can be replaced while the other works."
        items={data}
        loading={isLoading}
        text={(key) => key.id}
        trackBy={(key) => key.id}
        empty={<Empty title="No access keys">Programs need one to sign their requests.</Empty>}
        actions={
          <AllowedButton
            action="iam:CreateAccessKey"
            resource={resource}
            disabled={data.length >= 2}
            disabledReason="A user has two keys at most; delete one first."
            onClick={() => void act('The key was not created', async () => setCreated(await iam.createAccessKey(user)))}
          >
            Create access key
          </AllowedButton>
        }
        columns={[
          { id: 'id', header: 'Access key ID', isRowHeader: true, sortingComparator: by((key) => key.id), cell: (key) => <Copy text={key.id} label={`Copy ${key.id}`} /> },
          { id: 'status', header: 'Status', cell: (key) => <StatusIndicator type={key.status === 'Active' ? 'success' : 'stopped'}>{key.status}</StatusIndicator> },
          { id: 'created', header: 'Created', cell: (key) => formatTime(key.created) },
          { id: 'used', header: 'Last used', cell: (key) => (key.used?.date ? `${formatTime(key.used.date)}, ${key.used.service} in ${key.used.region}` : 'Never') },
          {
            id: 'actions',
            header: <span className="visually-hidden">Actions</span>,
            cell: (key) => (
              <SpaceBetween direction="horizontal" size="s">
                <AllowedButton
                  variant="inline-link"
                  action="iam:UpdateAccessKey"
                  resource={resource}
                  ariaLabel={`${key.status === 'Active' ? 'Deactivate' : 'Activate'} ${key.id}`}
                  onClick={() => void act('The key was not changed', () => iam.setAccessKeyStatus(user, key.id, key.status === 'Active' ? 'Inactive' : 'Active'))}
                >
                  {key.status === 'Active' ? 'Deactivate' : 'Activate'}
                </AllowedButton>
                <AllowedButton variant="inline-link" action="iam:DeleteAccessKey" resource={resource} ariaLabel={`Delete ${key.id}`} onClick={() => setDeleting(key.id)}>
                  Delete
                </AllowedButton>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {created && <SecretDialog accessKey={created} onClose={() => setCreated(undefined)} />}
      {deleting && (
        <Confirm
          title="Delete this access key?"
          action="Delete key"
          typed={deleting}
          onClose={() => setDeleting(undefined)}
          onConfirm={async () => {
            await iam.deleteAccessKey(user, deleting);
            await refetch();
          }}
        >
          What uses it stops working at once. Deactivate it first if you are not sure.
        </Confirm>
      )}
    </>
  );
}

function Password({ user }: { user: string }) {
  const arns = useArns();
  const notify = useNotify();
  const { data: has, error, refetch } = useQuery({ queryKey: ['password', user], queryFn: () => iam.hasPassword(user), retry: false });
  const [setting, setSetting] = useState(false);
  const [removing, setRemoving] = useState(false);
  const [password, setPassword] = useState('');
  const problem = passwordError(password);
  const resource = arns.iam(`user/${user}`);
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {has && (
                <AllowedButton action="iam:DeleteLoginProfile" resource={resource} onClick={() => setRemoving(true)}>
                  Remove
                </AllowedButton>
              )}
              <AllowedButton action={has ? 'iam:UpdateLoginProfile' : 'iam:CreateLoginProfile'} resource={resource} disabled={has === undefined} onClick={() => setSetting(true)}>
                {has ? 'Change password' : 'Set password'}
              </AllowedButton>
            </SpaceBetween>
          }
        >
          Console access
        </Header>
      }
    >
      <ErrorAlert error={error} />
      {has !== undefined && <Box>{has ? 'Signs in with user name and password.' : 'No password: cannot sign in here by user name.'}</Box>}
      {setting && (
        <FormDialog
          title={`Password of ${user}`}
          action="Set password"
          ready={!problem}
          onClose={() => setSetting(false)}
          onSubmit={async () => {
            await iam.setPassword(user, password, has ?? false);
            notify.success('The password is set.');
            setPassword('');
            setSetting(false);
            await refetch();
          }}
        >
          <FormField label="New password" errorText={password ? problem : undefined}>
            <Input type="password" value={password} autoFocus autoComplete="new-password" onChange={({ detail }) => setPassword(detail.value)} />
          </FormField>
        </FormDialog>
      )}
      {removing && (
        <Confirm
          title="Remove the password?"
          action="Remove"
          onClose={() => setRemoving(false)}
          onConfirm={async () => {
            await iam.removePassword(user);
            await refetch();
          }}
        >
          {user} can no longer sign in here by user name. Access keys go on working.
        </Confirm>
      )}
    </Container>
  );
}

function Groups({ user }: { user: string }) {
  const { data = [], error, isLoading, refetch } = useQuery({ queryKey: ['groups-of', user], queryFn: () => iam.groupsOfUser(user), retry: false });
  const { data: all = [] } = useQuery({ queryKey: ['groups'], queryFn: iam.listGroups, retry: false });
  const notify = useNotify();
  const arns = useArns();
  const [adding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);
  return (
    <>
      <ErrorAlert error={error} header="The groups could not be read" />
      <ListTable
        title="Groups"
        items={data}
        loading={isLoading}
        text={(group) => group.name}
        trackBy={(group) => group.name}
        empty={<Empty title="In no group" />}
        actions={
          <AllowedButton action="iam:AddUserToGroup" resource={arns.iam('group/*')} onClick={() => setAdding(true)}>
            Add to groups
          </AllowedButton>
        }
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, sortingComparator: by((group) => group.name), cell: (group) => <PageLink to={`/groups/${encodeURIComponent(group.name)}`}>{group.name}</PageLink> },
          {
            id: 'leave',
            header: <span className="visually-hidden">Actions</span>,
            cell: (group) => (
              <Button
                variant="inline-link"
                ariaLabel={`Remove from ${group.name}`}
                onClick={() =>
                  void iam
                    .removeFromGroup(group.name, user)
                    .then(() => refetch())
                    .catch((problem: unknown) => notify.failure('Not removed', problem))
                }
              >
                Remove
              </Button>
            ),
          },
        ]}
      />
      {adding && (
        <FormDialog
          title={`Add ${user} to groups`}
          action="Add"
          ready={chosen.length > 0}
          onClose={() => setAdding(false)}
          onSubmit={async () => {
            for (const group of chosen) await iam.addToGroup(group, user);
            setChosen([]);
            setAdding(false);
            await refetch();
          }}
        >
          <FormField label="Groups">
            <Multiselect
              selectedOptions={chosen.map((value) => ({ value, label: value }))}
              options={all.filter((group) => !data.some((one) => one.name === group.name)).map((group) => ({ value: group.name, label: group.name }))}
              placeholder="Choose groups"
              empty="There are no other groups"
              onChange={({ detail }) => setChosen(detail.selectedOptions.map((one) => one.value!))}
            />
          </FormField>
        </FormDialog>
      )}
    </>
  );
}
