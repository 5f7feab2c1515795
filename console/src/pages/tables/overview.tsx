import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableDescription } from '../../api/types';
import { useDialect } from '../../app/dialect';
import { useTtl } from '../../app/tables';
import { Copy } from '../../components/copy';
import { formatBytes, formatCount, formatTime } from '../../model/format';
import { describeKey, keyAttributes } from '../../model/schema';

export function capacityText(table: TableDescription): string {
  if (table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST') return 'On-demand';
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = table.ProvisionedThroughput ?? {};
  return `Provisioned: ${formatCount(read)} read, ${formatCount(write)} write units`;
}

export function Overview({ table }: { table: TableDescription }) {
  const dialect = useDialect();
  const { data: ttl } = useTtl(table.TableName);
  const average = table.ItemCount ? (table.TableSizeBytes ?? 0) / table.ItemCount : undefined;
  const keys = (half: 'HASH' | 'RANGE') => describeKey(keyAttributes(table.KeySchema ?? [], table, half)) || '–';
  return (
    <SpaceBetween size="m">
      <Container header={<Header variant="h2">Data</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'Items', value: formatCount(table.ItemCount) },
            { label: 'Size', value: formatBytes(table.TableSizeBytes) },
            { label: 'Average item', value: formatBytes(average) },
            { label: 'Created', value: formatTime(table.CreationDateTime) },
            { label: 'Partition key', value: keys('HASH') },
            { label: 'Sort key', value: keys('RANGE') },
            { label: 'Local indexes', value: formatCount(table.LocalSecondaryIndexes?.length ?? 0) },
            { label: 'Global indexes', value: formatCount(table.GlobalSecondaryIndexes?.length ?? 0) },
          ]}
        />
      </Container>
      <Container header={<Header variant="h2">Configuration</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            { label: 'Capacity', value: capacityText(table) },
            { label: 'Table class', value: table.TableClassSummary?.TableClass === 'STANDARD_INFREQUENT_ACCESS' ? 'Standard, infrequent access' : 'Standard' },
            { label: 'Deletion protection', value: table.DeletionProtectionEnabled ? 'On' : 'Off' },
            { label: 'Stream', value: table.StreamSpecification?.StreamEnabled ? (table.StreamSpecification.StreamViewType ?? 'On') : 'Off' },
            ...(dialect.ttl ? [{ label: 'Time to live', value: ttl?.TimeToLiveStatus === 'ENABLED' ? `By ${ttl.AttributeName}` : 'Off' }] : []),
            { label: 'ARN', value: table.TableArn ? <Copy text={table.TableArn} label="Copy the ARN" /> : '–' },
            { label: 'Table ID', value: table.TableId ? <Copy text={table.TableId} label="Copy the table ID" /> : '–' },
          ]}
        />
      </Container>
    </SpaceBetween>
  );
}
