import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import * as iam from '../../api/iam';
import { useArns } from '../../app/permissions';
import { AllowedButton } from '../../components/allowed-button';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { FormDialog } from '../../components/form-dialog';
import { PageLink } from '../../components/link';
import { by, ListTable } from '../../components/list-table';
import { LocalOnly } from '../../components/unavailable';
import { formatTime } from '../../model/format';
import { entityNameError } from '../../model/policy/names';

export default function Groups() {
  const arns = useArns();
  const { data, error, isLoading, refetch } = useQuery({ queryKey: ['groups'], queryFn: iam.listGroups });
  const [creating, setCreating] = useState(false);
  const [name, setName] = useState('');
  const problem = entityNameError(name, 128);
  const create = (
    <AllowedButton variant="primary" action="iam:CreateGroup" resource={arns.iam('group/*')} onClick={() => setCreating(true)}>
      Create group
    </AllowedButton>
  );
  return (
    <LocalOnly>
      <ErrorAlert error={error} header="The groups could not be listed" onRetry={() => void refetch()} />
      <ListTable
        page
        title="Groups"
        description="What several users may do, said once."
        items={data ?? []}
        loading={isLoading}
        text={(group) => group.name}
        trackBy={(group) => group.name}
        actions={create}
        empty={<Empty title="No groups yet" action={create} />}
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, sortingComparator: by((group) => group.name), cell: (group) => <PageLink to={`/groups/${encodeURIComponent(group.name)}`}>{group.name}</PageLink> },
          { id: 'created', header: 'Created', cell: (group) => formatTime(group.created) },
        ]}
      />
      {creating && (
        <FormDialog
          title="Create group"
          action="Create group"
          ready={!problem}
          onClose={() => setCreating(false)}
          onSubmit={async () => {
            await iam.createGroup(name);
            setCreating(false);
            setName('');
            await refetch();
          }}
        >
          <FormField label="Group name" errorText={name ? problem : undefined}>
            <Input value={name} autoFocus spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
          </FormField>
        </FormDialog>
      )}
    </LocalOnly>
  );
}
