import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import * as iam from '../../api/iam';
import { useNotify } from '../../app/notify';
import { useArns } from '../../app/permissions';
import { AllowedButton } from '../../components/allowed-button';
import { Confirm } from '../../components/confirm';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { FormDialog } from '../../components/form-dialog';
import { PageLink } from '../../components/link';
import { by, ListTable } from '../../components/list-table';
import { Page } from '../../components/page';
import { LocalOnly } from '../../components/unavailable';
import { HolderPolicies } from './holder-policies';

export default function Group() {
  const { name = '' } = useParams();
  const arns = useArns();
  const notify = useNotify();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data = [], error, isLoading, refetch } = useQuery({ queryKey: ['group-members', name], queryFn: () => iam.groupMembers(name) });
  const { data: users = [] } = useQuery({ queryKey: ['users'], queryFn: iam.listUsers, retry: false });
  const [deleting, setDeleting] = useState(false);
  const [adding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);
  return (
    <LocalOnly>
      <Page
        title={name}
        actions={
          <AllowedButton action="iam:DeleteGroup" resource={arns.iam(`group/${name}`)} onClick={() => setDeleting(true)}>
            Delete
          </AllowedButton>
        }
      >
        <SpaceBetween size="m">
          <ErrorAlert error={error} />
          <ListTable
            title="Users"
            items={data}
            loading={isLoading}
            text={(user) => user.name}
            trackBy={(user) => user.name}
            empty={<Empty title="Nobody is in this group" />}
            actions={
              <AllowedButton action="iam:AddUserToGroup" resource={arns.iam(`group/${name}`)} onClick={() => setAdding(true)}>
                Add users
              </AllowedButton>
            }
            columns={[
              { id: 'name', header: 'Name', isRowHeader: true, sortingComparator: by((user) => user.name), cell: (user) => <PageLink to={`/users/${encodeURIComponent(user.name)}`}>{user.name}</PageLink> },
              {
                id: 'remove',
                header: <span className="visually-hidden">Actions</span>,
                cell: (user) => (
                  <Button
                    variant="inline-link"
                    ariaLabel={`Remove ${user.name}`}
                    onClick={() =>
                      void iam
                        .removeFromGroup(name, user.name)
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
          <HolderPolicies holder={{ kind: 'Group', name }} />
        </SpaceBetween>
        {adding && (
          <FormDialog
            title={`Add users to ${name}`}
            action="Add"
            ready={chosen.length > 0}
            onClose={() => setAdding(false)}
            onSubmit={async () => {
              for (const user of chosen) await iam.addToGroup(name, user);
              setAdding(false);
              setChosen([]);
              await refetch();
            }}
          >
            <FormField label="Users">
              <Multiselect
                selectedOptions={chosen.map((value) => ({ value, label: value }))}
                options={users.filter((user) => !data.some((one) => one.name === user.name)).map((user) => ({ value: user.name, label: user.name }))}
                filteringType="auto"
                placeholder="Choose users"
                empty="There are no other users"
                onChange={({ detail }) => setChosen(detail.selectedOptions.map((one) => one.value!))}
              />
            </FormField>
          </FormDialog>
        )}
        {deleting && (
          <Confirm
            title={`Delete ${name}?`}
            action="Delete group"
            typed={name}
            onClose={() => setDeleting(false)}
            onConfirm={async () => {
              await iam.deleteGroupWithMembers(name);
              void client.invalidateQueries({ queryKey: ['groups'] });
              navigate('/groups');
            }}
          >
            Its members stay, without what the group allowed them.
          </Confirm>
        )}
      </Page>
    </LocalOnly>
  );
}
