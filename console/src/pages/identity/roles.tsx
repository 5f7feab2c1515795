import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import * as iam from '../../api/iam';
import { useArns } from '../../app/permissions';
import { AllowedButton } from '../../components/allowed-button';
import { Copy } from '../../components/copy';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { FormDialog } from '../../components/form-dialog';
import { PageLink } from '../../components/link';
import { by, ListTable } from '../../components/list-table';
import { PolicyEditor, policyErrors } from '../../components/policy-editor';
import { LocalOnly } from '../../components/unavailable';
import { formatDuration, formatTime } from '../../model/format';
import { entityNameError } from '../../model/policy/names';
import { trustTemplate } from '../../model/policy/templates';

export default function Roles() {
  const arns = useArns();
  const { data, error, isLoading, refetch } = useQuery({ queryKey: ['roles'], queryFn: iam.listRoles });
  const [creating, setCreating] = useState(false);
  const create = (
    <AllowedButton variant="primary" action="iam:CreateRole" resource={arns.iam('role/*')} onClick={() => setCreating(true)}>
      Create role
    </AllowedButton>
  );
  return (
    <LocalOnly>
      <ErrorAlert error={error} header="The roles could not be listed" onRetry={() => void refetch()} />
      <ListTable
        page
        title="Roles"
        description="Permissions taken on for a while, by those a role trusts."
        items={data ?? []}
        loading={isLoading}
        text={(role) => role.name}
        trackBy={(role) => role.name}
        actions={create}
        empty={<Empty title="No roles yet" action={create}>A connection can assume a role; its ARN goes into the connection form.</Empty>}
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, sortingComparator: by((role) => role.name), cell: (role) => <PageLink to={`/roles/${encodeURIComponent(role.name)}`}>{role.name}</PageLink> },
          { id: 'arn', header: 'ARN', cell: (role) => <Copy text={role.arn} label={`Copy the ARN of ${role.name}`} /> },
          { id: 'session', header: 'Longest session', cell: (role) => formatDuration(role.maxSessionSeconds) },
          { id: 'created', header: 'Created', cell: (role) => formatTime(role.created) },
        ]}
      />
      {creating && <CreateRole onClose={() => setCreating(false)} />}
    </LocalOnly>
  );
}

function CreateRole({ onClose }: { onClose: () => void }) {
  const arns = useArns();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [hours, setHours] = useState('1');
  const [trust, setTrust] = useState(() => JSON.stringify(trustTemplate(arns.account), null, 2));
  const problem = entityNameError(name, 64);
  const hoursProblem = Number(hours) >= 1 && Number(hours) <= 12 ? undefined : '1 to 12 hours.';
  return (
    <FormDialog
      title="Create role"
      action="Create role"
      size="large"
      ready={!problem && !hoursProblem && policyErrors(trust, 'trust') === 0}
      onClose={onClose}
      onSubmit={async () => {
        await iam.createRole(name, trust, description, Math.round(Number(hours) * 3600));
        navigate(`/roles/${encodeURIComponent(name)}`);
      }}
    >
      <FormField label="Role name" errorText={name ? problem : undefined}>
        <Input value={name} autoFocus spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <FormField label="Description">
        <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
      </FormField>
      <FormField label="Longest session, in hours" errorText={hoursProblem}>
        <Input type="number" value={hours} onChange={({ detail }) => setHours(detail.value)} />
      </FormField>
      <FormField label="Who may assume it" description="The trust policy. Naming the account lets every user of it whose own policies allow sts:AssumeRole." stretch>
        <PolicyEditor kind="trust" value={trust} onChange={setTrust} height={220} />
      </FormField>
    </FormDialog>
  );
}
