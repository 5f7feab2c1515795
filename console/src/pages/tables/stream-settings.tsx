import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { call } from '../../api/dynamodb';
import type { TableDescription } from '../../api/types';
import { useNotify } from '../../app/notify';
import { useArns } from '../../app/permissions';
import { useRefreshTables } from '../../app/tables';
import { useTarget } from '../../app/target';
import { AllowedButton } from '../../components/allowed-button';
import { Copy } from '../../components/copy';
import { Confirm } from '../../components/confirm';

const VIEWS = [
  { value: 'NEW_AND_OLD_IMAGES', label: 'New and old images', description: 'The item before and after the change.' },
  { value: 'NEW_IMAGE', label: 'New image', description: 'The item after the change.' },
  { value: 'OLD_IMAGE', label: 'Old image', description: 'The item before the change.' },
  { value: 'KEYS_ONLY', label: 'Keys only', description: 'The key of the item.' },
];

export function StreamSettings({ table }: { table: TableDescription }) {
  const { target } = useTarget();
  const navigate = useNavigate();
  const notify = useNotify();
  const refresh = useRefreshTables();
  const arns = useArns();
  const [view, setView] = useState('NEW_AND_OLD_IMAGES');
  const [busy, setBusy] = useState(false);
  const [stopping, setStopping] = useState(false);
  const on = table.StreamSpecification?.StreamEnabled ?? false;
  const update = async (specification: object) => {
    await call(target, 'UpdateTable', { TableName: table.TableName, StreamSpecification: specification });
    refresh(table.TableName);
  };
  const start = async () => {
    setBusy(true);
    try {
      await update({ StreamEnabled: true, StreamViewType: view });
      notify.success('The stream is on.');
    } catch (error) {
      notify.failure('The stream was not turned on', error);
    }
    setBusy(false);
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Every change of an item, in order, for 24 hours."
          actions={
            on ? (
              <SpaceBetween direction="horizontal" size="xs">
                <AllowedButton action="dynamodb:UpdateTable" resource={arns.table(table.TableName)} onClick={() => setStopping(true)}>
                  Turn off
                </AllowedButton>
                <Button onClick={() => navigate(`/streams/${encodeURIComponent(table.TableName)}`)}>Watch it live</Button>
              </SpaceBetween>
            ) : (
              <AllowedButton variant="primary" action="dynamodb:UpdateTable" resource={arns.table(table.TableName)} loading={busy} onClick={() => void start()}>
                Turn on
              </AllowedButton>
            )
          }
        >
          Stream
        </Header>
      }
    >
      {on ? (
        <KeyValuePairs
          columns={2}
          items={[
            { label: 'Records hold', value: VIEWS.find((one) => one.value === table.StreamSpecification?.StreamViewType)?.label ?? '–' },
            { label: 'Stream ARN', value: table.LatestStreamArn ? <Copy text={table.LatestStreamArn} label="Copy the stream ARN" /> : '–' },
          ]}
        />
      ) : (
        <FormField label="What a record holds">
          <RadioGroup value={view} items={VIEWS} onChange={({ detail }) => setView(detail.value)} />
        </FormField>
      )}
      {stopping && (
        <Confirm
          title="Turn the stream off?"
          action="Turn off"
          onClose={() => setStopping(false)}
          onConfirm={async () => {
            await update({ StreamEnabled: false });
            notify.success('The stream is off.');
          }}
        >
          Its records stay readable for up to 24 hours. Turned on again, it is a new stream with a new ARN.
        </Confirm>
      )}
    </Container>
  );
}
