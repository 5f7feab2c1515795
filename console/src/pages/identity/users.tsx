import Alert from '@cloudscape-design/components/alert';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import * as iam from '../../api/iam';
import { useNotify } from '../../app/notify';
import { useArns } from '../../app/permissions';
import { AllowedButton } from '../../components/allowed-button';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { FormDialog } from '../../components/form-dialog';
import { PageLink } from '../../components/link';
import { by, ListTable } from '../../components/list-table';
import { LocalOnly } from '../../components/unavailable';
import { formatTime } from '../../model/format';
import { entityNameError, passwordError } from '../../model/policy/names';
import { SecretDialog } from './secret-dialog';

export default function Users() {
  const arns = useArns();
  const { data, error, isLoading, refetch } = useQuery({ queryKey: ['users'], queryFn: iam.listUsers });
  const [creating, setCreating] = useState(false);
  const create = (
    <AllowedButton variant="primary" action="iam:CreateUser" resource={arns.iam('user/*')} onClick={() => setCreating(true)}>
      Create user
    </AllowedButton>
  );
  return (
    <LocalOnly>
      <ErrorAlert error={error} header="The users could not be listed" onRetry={() => void refetch()} />
      <ListTable
        page
        title="Users"
        description="People and programs that sign in or sign requests."
        items={data ?? []}
        loading={isLoading}
        text={(user) => user.name}
        trackBy={(user) => user.name}
        actions={create}
        empty={<Empty title="No users yet" action={create}>Give every application and person a user of its own instead of the root key.</Empty>}
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, sortingComparator: by((user) => user.name), cell: (user) => <PageLink to={`/users/${encodeURIComponent(user.name)}`}>{user.name}</PageLink> },
          { id: 'path', header: 'Path', cell: (user) => user.path },
          { id: 'created', header: 'Created', sortingComparator: by((user) => user.created), cell: (user) => formatTime(user.created) },
          { id: 'password', header: 'Last signed in', cell: (user) => formatTime(user.passwordLastUsed) },
        ]}
      />
      {creating && <CreateUser onClose={() => setCreating(false)} />}
    </LocalOnly>
  );
}

function CreateUser({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotify();
  const [name, setName] = useState('');
  const [programmatic, setProgrammatic] = useState(true);
  const [withPassword, setWithPassword] = useState(false);
  const [password, setPassword] = useState('');
  const [groups, setGroups] = useState<string[]>([]);
  const [policies, setPolicies] = useState<string[]>([]);
  const [key, setKey] = useState<iam.NewAccessKey>();
  const { data: allGroups = [] } = useQuery({ queryKey: ['groups'], queryFn: iam.listGroups, retry: false });
  const { data: allPolicies = [] } = useQuery({ queryKey: ['policies'], queryFn: () => iam.listPolicies(), retry: false });
  const nameProblem = entityNameError(name, 64);
  const passwordProblem = withPassword ? passwordError(password) : undefined;

  const create = async () => {
    await iam.createUser(name, '');
    const holder: iam.Holder = { kind: 'User', name };
    // The user exists from here on; what fails below can be done on its page.
    try {
      if (withPassword) await iam.setPassword(name, password, false);
      for (const group of groups) await iam.addToGroup(group, name);
      for (const arn of policies) await iam.attachPolicy(holder, arn);
      if (programmatic) {
        setKey(await iam.createAccessKey(name));
        void client.invalidateQueries({ queryKey: ['users'] });
        return;
      }
    } catch (error) {
      notify.failure(`${name} was created, but not everything was set up`, error);
    }
    void client.invalidateQueries({ queryKey: ['users'] });
    onClose();
    navigate(`/users/${encodeURIComponent(name)}`);
  };

  if (key) {
    return (
      <SecretDialog
        accessKey={key}
        onClose={() => {
          onClose();
          navigate(`/users/${encodeURIComponent(name)}`);
        }}
      />
    );
  }
  return (
    <FormDialog title="Create user" action="Create user" ready={!nameProblem && !passwordProblem} onSubmit={create} onClose={onClose}>
      <FormField label="User name" errorText={name ? nameProblem : undefined}>
        <Input value={name} autoFocus spellcheck={false} autoComplete={false} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <Checkbox checked={programmatic} description="An access key for SDKs, the CLI and other tools." onChange={({ detail }) => setProgrammatic(detail.checked)}>
        Programmatic access
      </Checkbox>
      <Checkbox checked={withPassword} description="A password for this console." onChange={({ detail }) => setWithPassword(detail.checked)}>
        Console access
      </Checkbox>
      {withPassword && (
        <FormField label="Password" errorText={password ? passwordProblem : undefined}>
          <Input type="password" value={password} autoComplete="new-password" onChange={({ detail }) => setPassword(detail.value)} />
        </FormField>
      )}
      <FormField label="Groups">
        <Multiselect
          selectedOptions={groups.map((value) => ({ value, label: value }))}
          options={allGroups.map((group) => ({ value: group.name, label: group.name }))}
          placeholder="None"
          empty="There are no groups"
          onChange={({ detail }) => setGroups(detail.selectedOptions.map((one) => one.value!))}
        />
      </FormField>
      <FormField label="Policies" description="What the user may do. Without any, nothing.">
        <Multiselect
          selectedOptions={policies.map((value) => ({ value, label: allPolicies.find((one) => one.arn === value)?.name ?? value }))}
          options={allPolicies.map((policy) => ({ value: policy.arn, label: policy.name, description: policy.description || policy.arn }))}
          filteringType="auto"
          placeholder="None"
          onChange={({ detail }) => setPolicies(detail.selectedOptions.map((one) => one.value!))}
        />
      </FormField>
      {policies.length === 0 && groups.length === 0 && <Alert type="info">Policies can be attached later, on the page of the user.</Alert>}
    </FormDialog>
  );
}
