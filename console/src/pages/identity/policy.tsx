import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import * as iam from '../../api/iam';
import { useNotify } from '../../app/notify';
import { AllowedButton } from '../../components/allowed-button';
import { Confirm } from '../../components/confirm';
import { Copy } from '../../components/copy';
import { ErrorAlert } from '../../components/error-alert';
import { Page } from '../../components/page';
import { PolicyEditor, policyErrors } from '../../components/policy-editor';
import { LocalOnly } from '../../components/unavailable';
import { formatCount, formatTime } from '../../model/format';
import { pretty } from './holder-policies';
import { isBuiltIn } from './policies';

// One managed policy; saving makes a new version the default.
export default function Policy() {
  const { name: arn = '' } = useParams();
  const notify = useNotify();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data: policy, error, refetch } = useQuery({ queryKey: ['policy', arn], queryFn: () => iam.getPolicy(arn) });
  const { data: versions = [] } = useQuery({ queryKey: ['policy-versions', arn, policy?.defaultVersion], queryFn: () => iam.policyVersions(arn), enabled: !!policy });
  const [version, setVersion] = useState<string>();
  const shown = version ?? policy?.defaultVersion;
  const { data: document } = useQuery({ queryKey: ['policy-document', arn, shown], queryFn: async () => pretty(await iam.policyDocument(arn, shown!)), enabled: !!shown });
  const [draft, setDraft] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const text = draft ?? document ?? '';
  const builtIn = isBuiltIn(arn);
  const save = async () => {
    if (draft === undefined || policyErrors(draft, 'identity') > 0) return;
    setBusy(true);
    try {
      await iam.savePolicyVersion(arn, draft);
      notify.success('Saved as a new version.');
      setDraft(undefined);
      setVersion(undefined);
      await refetch();
    } catch (problem) {
      notify.failure('The policy was not saved', problem);
    }
    setBusy(false);
  };
  return (
    <LocalOnly>
      <Page
        title={policy?.name ?? 'Policy'}
        actions={
          !builtIn && (
            <AllowedButton action="iam:DeletePolicy" resource={arn} onClick={() => setDeleting(true)}>
              Delete
            </AllowedButton>
          )
        }
      >
        <SpaceBetween size="m">
          <ErrorAlert error={error} />
          <Container header={<Header variant="h2">Policy</Header>}>
            <KeyValuePairs
              columns={4}
              items={[
                { label: 'ARN', value: <Copy text={arn} label="Copy the ARN" /> },
                { label: 'Attached to', value: formatCount(policy?.attachments) },
                { label: 'Description', value: policy?.description || '–' },
                { label: 'Changed', value: formatTime(policy?.updated) },
              ]}
            />
          </Container>
          <Container
            header={
              <Header
                variant="h2"
                description={builtIn ? 'A built-in policy; it cannot be changed.' : undefined}
                actions={
                  <SpaceBetween direction="horizontal" size="xs">
                    {versions.length > 1 && (
                      <Select
                        selectedOption={shown ? { value: shown, label: shown } : null}
                        ariaLabel="Version"
                        options={versions.map((one) => ({ value: one.id, label: one.id, description: formatTime(one.created), labelTag: one.isDefault ? 'in force' : undefined }))}
                        onChange={({ detail }) => {
                          setVersion(detail.selectedOption.value);
                          setDraft(undefined);
                        }}
                      />
                    )}
                    {!builtIn && (
                      <>
                        <Button disabled={draft === undefined || busy} onClick={() => setDraft(undefined)}>
                          Undo
                        </Button>
                        <AllowedButton variant="primary" action="iam:CreatePolicyVersion" resource={arn} loading={busy} disabled={draft === undefined || policyErrors(text, 'identity') > 0} onClick={() => void save()}>
                          Save
                        </AllowedButton>
                      </>
                    )}
                  </SpaceBetween>
                }
              >
                Document
              </Header>
            }
          >
            {document !== undefined && <PolicyEditor key={shown} kind="identity" value={text} onChange={builtIn ? undefined : setDraft} onSave={() => void save()} />}
          </Container>
        </SpaceBetween>
        {deleting && policy && (
          <Confirm
            title={`Delete ${policy.name}?`}
            action="Delete policy"
            typed={policy.name}
            onClose={() => setDeleting(false)}
            onConfirm={async () => {
              for (const one of versions) if (!one.isDefault) await iam.deletePolicyVersion(arn, one.id);
              await iam.deletePolicy(arn);
              void client.invalidateQueries({ queryKey: ['policies'] });
              navigate('/policies');
            }}
          >
            It has to be detached from everything first.
          </Confirm>
        )}
      </Page>
    </LocalOnly>
  );
}
