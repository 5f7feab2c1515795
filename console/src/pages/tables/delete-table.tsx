import { useNavigate, useLocation } from 'react-router-dom';
import { call } from '../../api/dynamodb';
import { useNotify } from '../../app/notify';
import { useRefreshTables, useTable } from '../../app/tables';
import { useTarget } from '../../app/target';
import { Confirm } from '../../components/confirm';
import { formatCount } from '../../model/format';

export function DeleteTable({ name, onClose }: { name: string; onClose: () => void }) {
  const { target } = useTarget();
  const { data: table } = useTable(name);
  const notify = useNotify();
  const refresh = useRefreshTables();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (
    <Confirm
      title={`Delete ${name}?`}
      action="Delete table"
      typed={name}
      onClose={onClose}
      onConfirm={async () => {
        await call(target, 'DeleteTable', { TableName: name });
        notify.success(`${name} is being deleted.`);
        refresh(name);
        if (pathname !== '/tables') navigate('/tables');
      }}
    >
      The table, its indexes and {table ? `its ${formatCount(table.ItemCount)} items` : 'its items'} are gone for good.
      {table?.DeletionProtectionEnabled && ' Deletion protection is on: turn it off under Settings first.'}
    </Confirm>
  );
}
