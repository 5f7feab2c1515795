import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import * as iam from '../../api/iam';
import { useNotify } from '../../app/notify';
import { useArns } from '../../app/permissions';
import { AllowedButton } from '../../components/allowed-button';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { FormDialog } from '../../components/form-dialog';
import { PageLink } from '../../components/link';
import { by, ListTable } from '../../components/list-table';
import { PolicyEditor, policyErrors } from '../../components/policy-editor';
import { LocalOnly } from '../../components/unavailable';
import { formatCount, formatTime } from '../../model/format';
import { entityNameError } from '../../model/policy/names';
import { POLICY_TEMPLATES } from '../../model/policy/templates';

export const isBuiltIn = (arn: string) => arn.startsWith('arn:aws:iam::aws:');

export default function Policies() {
  const arns = useArns();
  const { data, error, isLoading, refetch } = useQuery({ queryKey: ['policies'], queryFn: () => iam.listPolicies() });
  const [creating, setCreating] = useState(false);
  const create = (
    <AllowedButton variant="primary" action="iam:CreatePolicy" resource={arns.iam('policy/*')} onClick={() => setCreating(true)}>
      Create policy
    </AllowedButton>
  );
  return (
    <LocalOnly>
      <ErrorAlert error={error} header="The policies could not be listed" onRetry={() => void refetch()} />
      <ListTable
        page
        title="Policies"
        description="What is allowed and denied, to attach to users, groups and roles."
        items={data ?? []}
        loading={isLoading}
        text={(policy) => policy.name}
        trackBy={(policy) => policy.arn}
        actions={create}
        empty={<Empty title="No policies" action={create} />}
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, sortingComparator: by((policy) => policy.name), cell: (policy) => <PageLink to={`/policies/${encodeURIComponent(policy.arn)}`}>{policy.name}</PageLink> },
          { id: 'kind', header: 'Kind', sortingComparator: by((policy) => Number(isBuiltIn(policy.arn))), cell: (policy) => (isBuiltIn(policy.arn) ? 'Built in' : 'Own') },
          { id: 'attachments', header: 'Attached to', sortingComparator: by((policy) => policy.attachments), cell: (policy) => formatCount(policy.attachments) },
          { id: 'description', header: 'Description', cell: (policy) => policy.description || '–' },
          { id: 'updated', header: 'Changed', cell: (policy) => formatTime(policy.updated) },
        ]}
      />
      {creating && (
        <CreatePolicy
          onClose={() => setCreating(false)}
          onDone={() => {
            setCreating(false);
            void refetch();
          }}
        />
      )}
    </LocalOnly>
  );
}

function CreatePolicy({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const arns = useArns();
  const notify = useNotify();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [text, setText] = useState(() => JSON.stringify(POLICY_TEMPLATES[0]!.document(arns.account, arns.region), null, 2));
  const problem = entityNameError(name, 128);
  return (
    <FormDialog
      title="Create policy"
      action="Create policy"
      size="large"
      ready={!problem && policyErrors(text, 'identity') === 0}
      onClose={onClose}
      onSubmit={async () => {
        await iam.createPolicy(name, text, description);
        notify.success(`${name} was created.`);
        onDone();
      }}
    >
      <FormField label="Policy name" errorText={name ? problem : undefined}>
        <Input value={name} autoFocus spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <FormField label="Description">
        <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
      </FormField>
      <FormField label="Document" stretch>
        <PolicyEditor kind="identity" value={text} onChange={setText} />
      </FormField>
    </FormDialog>
  );
}
