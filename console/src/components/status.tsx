import StatusIndicator from '@cloudscape-design/components/status-indicator';

const KINDS: Record<string, 'success' | 'in-progress' | 'pending' | 'error' | 'stopped'> = {
  ACTIVE: 'success',
  ENABLED: 'success',
  CREATING: 'in-progress',
  UPDATING: 'in-progress',
  DELETING: 'in-progress',
  ENABLING: 'in-progress',
  DISABLING: 'in-progress',
  DISABLED: 'stopped',
};

// DynamoDB's states as people write them.
export function Status({ value, detail }: { value: string | undefined; detail?: string }) {
  if (!value) return null;
  const text = value.charAt(0) + value.slice(1).toLowerCase().replace(/_/g, ' ');
  return <StatusIndicator type={KINDS[value] ?? 'error'}>{detail ? `${text}: ${detail}` : text}</StatusIndicator>;
}
