import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useMemo } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import { useTable, useTableNames } from '../../app/tables';
import { useTarget } from '../../app/target';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { Loading } from '../../components/loading';
import { Page } from '../../components/page';
import { Explorer } from './explorer';

export default function Explore() {
  const { table: name } = useParams();
  const navigate = useNavigate();
  const { target, connectionName } = useTarget();
  const names = useTableNames();
  const table = useTable(name);

  // With one table there is nothing to choose.
  useEffect(() => {
    if (!name && names.data?.length === 1) navigate(`/explore/${encodeURIComponent(names.data[0]!)}`, { replace: true });
  }, [name, names.data, navigate]);

  const picker = useMemo(
    () => (
      <FormField label="Table">
        <Select
          selectedOption={name ? { value: name, label: name } : null}
          placeholder="Choose a table"
          options={(names.data ?? []).map((one) => ({ value: one, label: one }))}
          statusType={names.isLoading ? 'loading' : 'finished'}
          filteringType={(names.data?.length ?? 0) > 8 ? 'auto' : 'none'}
          empty="No tables"
          onChange={({ detail }) => navigate(`/explore/${encodeURIComponent(detail.selectedOption.value!)}`)}
        />
      </FormField>
    ),
    [name, names.data, names.isLoading, navigate],
  );

  return (
    <Page
      title={name ?? 'Explore items'}
      actions={
        name && (
          <Button onClick={() => navigate(`/tables/${encodeURIComponent(name)}`)}>Table settings</Button>
        )
      }
    >
      <SpaceBetween size="m">
        <ErrorAlert error={table.error ?? names.error} onRetry={() => void table.refetch()} />
        {!name && (names.data?.length === 0 ? (
          <Empty title="No tables yet" action={<Button onClick={() => navigate('/tables/new')}>Create table</Button>}>
            Create a table to have something to explore.
          </Empty>
        ) : (
          <Box padding={{ top: 's' }}>{picker}</Box>
        ))}
        {name && !table.data && !table.error && <Loading text="Loading the table" />}
        {name && table.data && <Explorer key={`${connectionName ?? ''}/${target.region ?? ''}/${name}`} table={table.data} tablePicker={picker} />}
      </SpaceBetween>
    </Page>
  );
}
