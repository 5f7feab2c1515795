import Alert from '@cloudscape-design/components/alert';
import StatusIndicator, { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { TestResult, TestStep } from '../../api/connections';
import { formatMs } from '../../model/format';

const STATUS: Record<TestStep['status'], { type: StatusIndicatorProps.Type; text: string }> = {
  passed: { type: 'success', text: 'Passed' },
  warning: { type: 'warning', text: 'Warning' },
  failed: { type: 'error', text: 'Failed' },
  skipped: { type: 'stopped', text: 'Skipped' },
};

// A connection test, step by step, with what to do about what failed.
export function TestSteps({ title, result }: { title?: string; result: TestResult }) {
  return (
    <SpaceBetween size="s">
      <Alert type={result.ok ? 'success' : 'error'} header={title}>
        {result.summary}
      </Alert>
      <Table
        variant="embedded"
        items={result.steps}
        trackBy="id"
        wrapLines
        columnDefinitions={[
          { id: 'title', header: 'Step', isRowHeader: true, cell: (step) => step.title },
          { id: 'status', header: 'Result', minWidth: 120, cell: (step) => <StatusIndicator wrapText={false} type={STATUS[step.status].type}>{STATUS[step.status].text}</StatusIndicator> },
          { id: 'ms', header: 'Time', minWidth: 90, cell: (step) => (step.status === 'skipped' ? '–' : formatMs(step.ms)) },
          { id: 'detail', header: 'Detail', cell: (step) => step.detail || '–' },
          ...(result.steps.some((step) => step.remedy) ? [{ id: 'remedy', header: 'What to do', cell: (step: TestStep) => step.remedy || '–' }] : []),
        ]}
      />
    </SpaceBetween>
  );
}
