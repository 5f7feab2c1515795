import SegmentedControl from '@cloudscape-design/components/segmented-control';

const SPANS = [
  { id: '300', text: '5 min' },
  { id: '900', text: '15 min' },
  { id: '3600', text: '1 hour' },
];

// How many seconds measurements go back.
export function TimeSpan({ seconds, onChange }: { seconds: number; onChange: (seconds: number) => void }) {
  return <SegmentedControl label="Time span" selectedId={String(seconds)} options={SPANS} onChange={({ detail }) => onChange(Number(detail.selectedId))} />;
}

export const spanText = (seconds: number) => SPANS.find((one) => one.id === String(seconds))?.text ?? `${seconds} s`;
