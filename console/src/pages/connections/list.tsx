import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { deleteConnection, listConnections, testSaved, TestResult } from '../../api/connections';
import { useNotify } from '../../app/notify';
import { useSession } from '../../app/session';
import { useTarget } from '../../app/target';
import { Confirm } from '../../components/confirm';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { PageLink } from '../../components/link';
import { by, ListTable } from '../../components/list-table';
import { TestSteps } from './test-steps';

export default function Connections() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const notify = useNotify();
  const { connectionName, setConnection } = useTarget();
  const viewer = useSession().session.consoleRole === 'viewer';
  const { data, error, isLoading, refetch } = useQuery({ queryKey: ['connections'], queryFn: listConnections });
  const [deleting, setDeleting] = useState<string>();
  const [testing, setTesting] = useState<string>();
  const [result, setResult] = useState<{ name: string; result: TestResult }>();
  const test = async (name: string) => {
    setTesting(name);
    try {
      setResult({ name, result: await testSaved(name) });
    } catch (problem) {
      notify.failure(`${name} could not be tested`, problem);
    }
    setTesting(undefined);
  };
  const create = (
    <Button variant="primary" disabled={viewer} disabledReason="Viewers cannot change connections." onClick={() => navigate('/connections/new')}>
      New connection
    </Button>
  );
  return (
    <SpaceBetween size="m">
      <ErrorAlert error={error} header="The connections could not be listed" onRetry={() => void refetch()} />
      {result && <TestSteps title={result.name} result={result.result} />}
      <ListTable
        page
        title="Connections"
        description="Other endpoints that speak DynamoDB: AWS, DynamoDB Local, another Armature."
        items={data ?? []}
        loading={isLoading}
        text={(one) => `${one.name} ${one.endpoint ?? ''} ${one.region}`}
        trackBy={(one) => one.name}
        actions={create}
        empty={<Empty title="No connections yet" action={create}>Save the endpoint and keys of another server, and every page here works on it too.</Empty>}
        columns={[
          {
            id: 'name',
            header: 'Name',
            isRowHeader: true,
            sortingComparator: by((one) => one.name),
            cell: (one) => (
              <SpaceBetween direction="horizontal" size="xs">
                <PageLink to={`/connections/${encodeURIComponent(one.name)}`}>{one.name}</PageLink>
                {one.environment === 'production' && <Badge color="red">production</Badge>}
                {one.readOnly && <Badge>read-only</Badge>}
              </SpaceBetween>
            ),
          },
          { id: 'endpoint', header: 'Endpoint', cell: (one) => one.endpoint || 'AWS' },
          { id: 'region', header: 'Region', cell: (one) => one.region },
          { id: 'key', header: 'Access key', cell: (one) => one.accessKeyId },
          { id: 'role', header: 'Role to assume', cell: (one) => one.roleArn || '–' },
          {
            id: 'actions',
            header: <span className="visually-hidden">Actions</span>,
            cell: (one) => (
              <SpaceBetween direction="horizontal" size="s">
                <Button
                  variant="inline-link"
                  ariaLabel={`Work on ${one.name}`}
                  disabled={connectionName === one.name}
                  onClick={() => {
                    setConnection(one.name);
                    navigate('/tables');
                  }}
                >
                  {connectionName === one.name ? 'In use' : 'Use'}
                </Button>
                <Button variant="inline-link" ariaLabel={`Test ${one.name}`} loading={testing === one.name} onClick={() => void test(one.name)}>
                  Test
                </Button>
                <Button variant="inline-link" ariaLabel={`Delete ${one.name}`} disabled={viewer} disabledReason="Viewers cannot change connections." onClick={() => setDeleting(one.name)}>
                  Delete
                </Button>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {deleting && (
        <Confirm
          title={`Delete the connection ${deleting}?`}
          action="Delete connection"
          onClose={() => setDeleting(undefined)}
          onConfirm={async () => {
            await deleteConnection(deleting);
            if (connectionName === deleting) setConnection(undefined);
            await client.invalidateQueries({ queryKey: ['connections'] });
          }}
        >
          Its stored secret is deleted. Nothing changes at the endpoint.
        </Confirm>
      )}
    </SpaceBetween>
  );
}
