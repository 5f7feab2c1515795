import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import { ReactNode } from 'react';

// A figure to be seen from afar.
export function Stat({ label, value, hint, bad }: { label: string; value: string; hint?: string; bad?: boolean }) {
  return (
    <div title={hint}>
      <Box variant="awsui-key-label">{label}</Box>
      <div className={bad ? 'stat bad' : 'stat'}>{value}</div>
    </div>
  );
}

export function Stats({ children }: { children: ReactNode }) {
  return (
    <ColumnLayout columns={4} variant="text-grid" minColumnWidth={120}>
      {children}
    </ColumnLayout>
  );
}
