// The policies of a user, group or role: attached ones and inline ones.
import Badge from '@cloudscape-design/components/badge';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Button from '@cloudscape-design/components/button';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
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
import { PolicyEditor, policyErrors } from '../../components/policy-editor';
import { entityNameError } from '../../model/policy/names';
import { POLICY_TEMPLATES } from '../../model/policy/templates';

type Row = { name: string; arn?: string };

export function HolderPolicies({ holder }: { holder: iam.Holder }) {
  const arns = useArns();
  const notify = useNotify();
  const resource = arns.iam(`${holder.kind.toLowerCase()}/${holder.name}`);
  const { data = [], error, isLoading, refetch } = useQuery({
    queryKey: ['holder-policies', holder.kind, holder.name],
    queryFn: async (): Promise<Row[]> => {
      const [attached, inline] = await Promise.all([iam.attachedPolicies(holder), iam.inlinePolicies(holder)]);
      return [...attached, ...inline.map((name) => ({ name }))];
    },
  });
  const [dialog, setDialog] = useState<{ kind: 'attach' } | { kind: 'inline'; name?: string } | { kind: 'remove'; row: Row }>();
  const done = (text: string) => {
    notify.success(text);
    setDialog(undefined);
    void refetch();
  };
  return (
    <>
      <ErrorAlert error={error} header="The policies could not be read" />
      <ListTable
        title="Policies"
        items={data}
        loading={isLoading}
        text={(row) => row.name}
        trackBy={(row) => row.arn ?? row.name}
        empty={<Empty title="No policies">Without a policy nothing is allowed{holder.kind === 'User' ? ', unless a group allows it' : ''}.</Empty>}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <AllowedButton action={`iam:Put${holder.kind}Policy`} resource={resource} onClick={() => setDialog({ kind: 'inline' })}>
              Write inline policy
            </AllowedButton>
            <AllowedButton variant="primary" action={`iam:Attach${holder.kind}Policy`} resource={resource} onClick={() => setDialog({ kind: 'attach' })}>
              Attach policies
            </AllowedButton>
          </SpaceBetween>
        }
        columns={[
          {
            id: 'name',
            header: 'Name',
            isRowHeader: true,
            sortingComparator: by((row) => row.name),
            cell: (row) =>
              row.arn ? (
                <PageLink to={`/policies/${encodeURIComponent(row.arn)}`}>{row.name}</PageLink>
              ) : (
                <Button variant="inline-link" onClick={() => setDialog({ kind: 'inline', name: row.name })}>
                  {row.name}
                </Button>
              ),
          },
          { id: 'kind', header: 'Kind', cell: (row) => (row.arn ? <Badge color="blue">attached</Badge> : <Badge>inline</Badge>) },
          {
            id: 'remove',
            header: <span className="visually-hidden">Actions</span>,
            cell: (row) => (
              <Button variant="inline-link" ariaLabel={`Remove ${row.name}`} onClick={() => setDialog({ kind: 'remove', row })}>
                {row.arn ? 'Detach' : 'Delete'}
              </Button>
            ),
          },
        ]}
      />
      {dialog?.kind === 'attach' && <AttachDialog holder={holder} attached={data.flatMap((row) => row.arn ?? [])} onClose={() => setDialog(undefined)} onDone={() => done('Attached.')} />}
      {dialog?.kind === 'inline' && <InlineDialog holder={holder} name={dialog.name} onClose={() => setDialog(undefined)} onDone={() => done('Saved.')} />}
      {dialog?.kind === 'remove' && (
        <Confirm
          title={dialog.row.arn ? `Detach ${dialog.row.name}?` : `Delete ${dialog.row.name}?`}
          action={dialog.row.arn ? 'Detach' : 'Delete'}
          onClose={() => setDialog(undefined)}
          onConfirm={async () => {
            if (dialog.row.arn) await iam.detachPolicy(holder, dialog.row.arn);
            else await iam.deleteInlinePolicy(holder, dialog.row.name);
            done('Removed.');
          }}
        >
          {holder.name} loses what only this policy allows, at once.
        </Confirm>
      )}
    </>
  );
}

interface DialogProps {
  holder: iam.Holder;
  onClose: () => void;
  onDone: () => void;
}

function AttachDialog({ holder, attached, onClose, onDone }: DialogProps & { attached: string[] }) {
  const { data = [], error } = useQuery({ queryKey: ['policies'], queryFn: () => iam.listPolicies() });
  const [chosen, setChosen] = useState<string[]>([]);
  return (
    <FormDialog
      title={`Attach policies to ${holder.name}`}
      action="Attach"
      ready={chosen.length > 0}
      onClose={onClose}
      onSubmit={async () => {
        for (const arn of chosen) await iam.attachPolicy(holder, arn);
        onDone();
      }}
    >
      <ErrorAlert error={error} />
      <FormField label="Policies">
        <Multiselect
          selectedOptions={chosen.map((value) => ({ value, label: data.find((one) => one.arn === value)?.name ?? value }))}
          options={data.filter((one) => !attached.includes(one.arn)).map((one) => ({ value: one.arn, label: one.name, description: one.description || one.arn }))}
          filteringType="auto"
          placeholder="Choose policies"
          onChange={({ detail }) => setChosen(detail.selectedOptions.map((one) => one.value!))}
        />
      </FormField>
    </FormDialog>
  );
}

function InlineDialog({ holder, name: saved, onClose, onDone }: DialogProps & { name?: string }) {
  const arns = useArns();
  const [name, setName] = useState(saved ?? '');
  const [draft, setDraft] = useState<string>();
  const { data, error } = useQuery({
    queryKey: ['inline-policy', holder.kind, holder.name, saved],
    queryFn: async () => pretty(await iam.getInlinePolicy(holder, saved!)),
    enabled: !!saved,
  });
  const text = draft ?? data ?? (saved ? '' : JSON.stringify(POLICY_TEMPLATES[0]!.document(arns.account, arns.region), null, 2));
  const problem = entityNameError(name, 128);
  return (
    <FormDialog
      title={saved ? `Inline policy ${saved}` : `Inline policy of ${holder.name}`}
      action="Save"
      size="large"
      ready={!problem && text !== '' && policyErrors(text, 'identity') === 0}
      onClose={onClose}
      onSubmit={async () => {
        await iam.putInlinePolicy(holder, name, text);
        onDone();
      }}
    >
      <ErrorAlert error={error} />
      {!saved && (
        <FormField label="Name" errorText={name ? problem : undefined}>
          <Input value={name} autoFocus spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
        </FormField>
      )}
      <PolicyEditor kind="identity" value={text} onChange={setDraft} />
    </FormDialog>
  );
}

export function pretty(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document), null, 2);
  } catch {
    return document;
  }
}
