import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import Textarea from '@cloudscape-design/components/textarea';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import * as iam from '../../api/iam';
import { useArns } from '../../app/permissions';
import { useSession } from '../../app/session';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { Page } from '../../components/page';
import { LocalOnly } from '../../components/unavailable';
import { COMMON_ACTIONS, parseDenial, policyHolder } from '../../model/policy/denial';

const DECISIONS = {
  allowed: { type: 'success', text: 'Allowed' },
  explicitDeny: { type: 'error', text: 'Denied by a statement' },
  implicitDeny: { type: 'warning', text: 'Denied: nothing allows it' },
} as const;

// Asks the server to decide a request that is not made, and says which policies decided.
export default function Access() {
  const arns = useArns();
  const { info } = useSession();
  const [params] = useSearchParams();
  const first = parseDenial(params.get('message') ?? '');
  const [message, setMessage] = useState(params.get('message') ?? '');
  const [principal, setPrincipal] = useState(first ? policyHolder(first.principal) : (params.get('principal') ?? ''));
  const [actions, setActions] = useState<string[]>(first ? [first.action] : COMMON_ACTIONS.slice(0, 6));
  const [resource, setResource] = useState(first?.resource ?? arns.table('*'));
  const [sourceIp, setSourceIp] = useState(info.peerAddress);
  const [results, setResults] = useState<iam.Simulation[]>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const { data: users = [] } = useQuery({ queryKey: ['users'], queryFn: iam.listUsers, retry: false });
  const { data: roles = [] } = useQuery({ queryKey: ['roles'], queryFn: iam.listRoles, retry: false });

  const readMessage = (text: string) => {
    setMessage(text);
    const denial = parseDenial(text);
    if (!denial) return;
    setPrincipal(policyHolder(denial.principal));
    setActions([denial.action]);
    if (denial.resource) setResource(denial.resource);
  };
  const run = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const context = sourceIp ? [{ key: 'aws:SourceIp', type: 'ip', values: [sourceIp] }] : [];
      setResults(await iam.simulate(principal, actions, [resource], context));
    } catch (problem) {
      setError(problem);
      setResults(undefined);
    }
    setBusy(false);
  };
  const option = (one: { arn: string; name: string }) => ({ value: one.arn, label: one.name, description: one.arn });
  const denial = parseDenial(message);
  return (
    <LocalOnly>
      <Page title="Why was this denied?" description="Paste an error, or ask what a user or role may do.">
        <SpaceBetween size="m">
          <Container>
            <form
              onSubmit={(event) => {
                event.preventDefault();
                void run();
              }}
            >
              <SpaceBetween size="m">
                <FormField label="Error message" description="Fills in the fields below." stretch>
                  <Textarea value={message} rows={2} placeholder="User: arn:aws:iam::000000000000:user/ann is not authorized to perform: dynamodb:PutItem on resource: …" onChange={({ detail }) => readMessage(detail.value)} />
                </FormField>
                {denial?.reason && <StatusIndicator type="info">{denial.reason}</StatusIndicator>}
                <ColumnLayout columns={2}>
                  <FormField label="User or role">
                    <Select
                      selectedOption={principal ? (([...users, ...roles].map(option).find((one) => one.value === principal)) ?? { value: principal, label: principal }) : null}
                      options={[
                        { label: 'Users', options: users.map(option) },
                        { label: 'Roles', options: roles.map(option) },
                      ]}
                      filteringType="auto"
                      placeholder="Choose one"
                      empty="There are no users or roles"
                      onChange={({ detail }) => setPrincipal(detail.selectedOption.value!)}
                    />
                  </FormField>
                  <FormField label="From the address" description="aws:SourceIp, for policies that look at it.">
                    <Input value={sourceIp} onChange={({ detail }) => setSourceIp(detail.value)} />
                  </FormField>
                  <FormField label="Actions">
                    <Multiselect
                      selectedOptions={actions.map((value) => ({ value, label: value }))}
                      options={[...new Set([...COMMON_ACTIONS, ...actions])].map((value) => ({ value, label: value }))}
                      filteringType="auto"
                      placeholder="Choose actions"
                      onChange={({ detail }) => setActions(detail.selectedOptions.map((one) => one.value!))}
                    />
                  </FormField>
                  <FormField label="On the resource">
                    <Input value={resource} spellcheck={false} onChange={({ detail }) => setResource(detail.value)} />
                  </FormField>
                </ColumnLayout>
                <Button variant="primary" formAction="submit" loading={busy} disabled={!principal || actions.length === 0 || !resource} disabledReason="Choose a user or role, an action and a resource.">
                  Find out
                </Button>
              </SpaceBetween>
            </form>
          </Container>
          <ErrorAlert error={error} />
          {results && (
            <Table
              header={<Header variant="h2">Decisions</Header>}
              items={results}
              wrapLines
              empty={<Empty title="No decisions" />}
              columnDefinitions={[
                { id: 'action', header: 'Action', isRowHeader: true, cell: (one) => one.action },
                { id: 'decision', header: 'Decision', cell: (one) => <StatusIndicator type={DECISIONS[one.decision].type}>{DECISIONS[one.decision].text}</StatusIndicator> },
                { id: 'why', header: 'Decided by', cell: (one) => (one.matched.length ? one.matched.map((match) => match.policy).join(', ') : one.decision === 'allowed' ? '–' : `No policy allows ${one.action} on this resource.`) },
                { id: 'missing', header: 'Depends on', cell: (one) => one.missingContext.join(', ') || '–' },
              ]}
            />
          )}
        </SpaceBetween>
      </Page>
    </LocalOnly>
  );
}
