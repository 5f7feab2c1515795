import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import * as iam from '../../api/iam';
import { useNotify } from '../../app/notify';
import { useArns } from '../../app/permissions';
import { AllowedButton } from '../../components/allowed-button';
import { Confirm } from '../../components/confirm';
import { Copy } from '../../components/copy';
import { ErrorAlert } from '../../components/error-alert';
import { Page } from '../../components/page';
import { PolicyEditor, policyErrors } from '../../components/policy-editor';
import { LocalOnly } from '../../components/unavailable';
import { formatDuration, formatTime } from '../../model/format';
import { HolderPolicies, pretty } from './holder-policies';

export default function Role() {
  const { name = '' } = useParams();
  const arns = useArns();
  const notify = useNotify();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data: role, error, refetch } = useQuery({ queryKey: ['role', name], queryFn: () => iam.getRole(name) });
  const [draft, setDraft] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const trust = draft ?? pretty(role?.trust ?? '');
  const save = async () => {
    if (draft === undefined || policyErrors(draft, 'trust') > 0) return;
    setBusy(true);
    try {
      await iam.updateTrust(name, draft);
      notify.success('The trust policy is saved.');
      await refetch();
      setDraft(undefined);
    } catch (problem) {
      notify.failure('The trust policy was not saved', problem);
    }
    setBusy(false);
  };
  return (
    <LocalOnly>
      <Page
        title={name}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => navigate(`/access?principal=${encodeURIComponent(role?.arn ?? '')}`)}>What may it do?</Button>
            <AllowedButton action="iam:DeleteRole" resource={arns.iam(`role/${name}`)} onClick={() => setDeleting(true)}>
              Delete
            </AllowedButton>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="m">
          <ErrorAlert error={error} />
          <Container header={<Header variant="h2">Role</Header>}>
            <KeyValuePairs
              columns={4}
              items={[
                { label: 'ARN', value: role ? <Copy text={role.arn} label="Copy the ARN" /> : '–' },
                { label: 'Description', value: role?.description || '–' },
                { label: 'Longest session', value: role ? formatDuration(role.maxSessionSeconds) : '–' },
                { label: 'Created', value: formatTime(role?.created) },
              ]}
            />
          </Container>
          <Container
            header={
              <Header
                variant="h2"
                description="Who may assume the role, and under which conditions."
                actions={
                  <SpaceBetween direction="horizontal" size="xs">
                    <Button disabled={draft === undefined || busy} onClick={() => setDraft(undefined)}>
                      Undo
                    </Button>
                    <AllowedButton variant="primary" action="iam:UpdateAssumeRolePolicy" resource={arns.iam(`role/${name}`)} loading={busy} disabled={draft === undefined || policyErrors(draft, 'trust') > 0} onClick={() => void save()}>
                      Save
                    </AllowedButton>
                  </SpaceBetween>
                }
              >
                Trust policy
              </Header>
            }
          >
            {role && <PolicyEditor kind="trust" value={trust} onChange={setDraft} onSave={() => void save()} height={240} />}
          </Container>
          <HolderPolicies holder={{ kind: 'Role', name }} />
        </SpaceBetween>
        {deleting && (
          <Confirm
            title={`Delete ${name}?`}
            action="Delete role"
            typed={name}
            onClose={() => setDeleting(false)}
            onConfirm={async () => {
              await iam.deleteRoleWithPolicies(name);
              void client.invalidateQueries({ queryKey: ['roles'] });
              navigate('/roles');
            }}
          >
            Sessions of this role lose their permissions at once.
          </Confirm>
        )}
      </Page>
    </LocalOnly>
  );
}
