import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import { createQuery, deleteQuery, listQueries, readQueries, SavedQuery, writeQueries } from '../../api/queries';
import { useNotify } from '../../app/notify';
import { useTarget } from '../../app/target';
import { Confirm } from '../../components/confirm';
import { download, fileName } from '../../components/download';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { Loading } from '../../components/loading';
import { PageLink } from '../../components/link';
import { by, ListTable } from '../../components/list-table';
import { formatTime, plural } from '../../model/format';
import { QueryEditor } from './query-editor';

export default function Queries() {
  const { id } = useParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const notify = useNotify();
  const { connectionName } = useTarget();
  const { data = [], error, isLoading } = useQuery({ queryKey: ['queries', connectionName ?? ''], queryFn: () => listQueries(connectionName) });
  const [deleting, setDeleting] = useState<SavedQuery>();
  const file = useRef<HTMLInputElement>(null);

  if (id === 'new') return <QueryEditor key="new" />;
  if (id) {
    const query = data.find((one) => one.id === id);
    if (query) return <QueryEditor key={query.id} saved={query} />;
    return isLoading ? <Loading /> : <ErrorAlert error={error ?? new Error('There is no such query here; it may belong to another connection.')} />;
  }

  const importFile = async (chosen: File | undefined) => {
    if (!chosen) return;
    try {
      const queries = readQueries(await chosen.text());
      for (const query of queries) await createQuery({ ...query, connection: connectionName });
      notify.success(`${plural(queries.length, 'query', 'queries')} imported.`);
    } catch (problem) {
      notify.failure('The file was not imported', problem);
    }
    void client.invalidateQueries({ queryKey: ['queries'] });
  };
  const exportAll = () => {
    const plain = data.map(({ id: _id, owner: _owner, updatedAt: _at, ...query }) => query);
    download(fileName('queries', 'json'), writeQueries(plain), 'application/json');
  };
  const create = (
    <Button variant="primary" onClick={() => navigate('/queries/new')}>
      New query
    </Button>
  );
  return (
    <>
      <ErrorAlert error={error} header="The saved queries could not be listed" />
      <input ref={file} type="file" hidden accept=".json" aria-hidden="true" onChange={(event) => {
          void importFile(event.target.files?.[0]);
          event.target.value = ''; // The same file may be chosen again.
        }} />
      <ListTable
        page
        title="Saved queries"
        description="Requests and statements with {{variables}} to fill in."
        items={data}
        loading={isLoading}
        text={(one) => `${one.folder ?? ''} ${one.name} ${one.description ?? ''}`}
        trackBy={(one) => one.id}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => file.current?.click()}>Import</Button>
            <Button disabled={data.length === 0} onClick={exportAll}>
              Export
            </Button>
            {create}
          </SpaceBetween>
        }
        empty={<Empty title="No saved queries" action={create}>Save a request once, and run it with other values.</Empty>}
        columns={[
          { id: 'name', header: 'Name', isRowHeader: true, sortingComparator: by((one) => one.name), cell: (one) => <PageLink to={`/queries/${encodeURIComponent(one.id)}`}>{one.name}</PageLink> },
          { id: 'folder', header: 'Folder', sortingComparator: by((one) => one.folder ?? ''), cell: (one) => one.folder || '–' },
          { id: 'kind', header: 'Kind', cell: (one) => (one.language === 'partiql' ? 'PartiQL' : one.operation) },
          { id: 'variables', header: 'Variables', cell: (one) => one.variables.map((variable) => variable.name).join(', ') || '–' },
          { id: 'owner', header: 'Owner', cell: (one) => <>{one.owner.replace(/^.*[:/]/, '')} {one.shared && <Badge>shared</Badge>}</> },
          { id: 'updated', header: 'Changed', cell: (one) => formatTime(one.updatedAt) },
          {
            id: 'delete',
            header: <span className="visually-hidden">Actions</span>,
            cell: (one) => (
              <Button variant="inline-link" ariaLabel={`Delete ${one.name}`} onClick={() => setDeleting(one)}>
                Delete
              </Button>
            ),
          },
        ]}
      />
      {deleting && (
        <Confirm
          title={`Delete "${deleting.name}"?`}
          action="Delete query"
          onClose={() => setDeleting(undefined)}
          onConfirm={async () => {
            await deleteQuery(deleting.id);
            await client.invalidateQueries({ queryKey: ['queries'] });
          }}
        >
          {deleting.shared ? 'It is gone for everybody.' : 'It is gone for good.'}
        </Confirm>
      )}
    </>
  );
}
