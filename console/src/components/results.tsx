// The items of a statement or query: as a table, as JSON, as a chart.
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Item } from '../model/attribute';
import { formatCount } from '../model/format';
import { writeJson } from '../model/json';
import { itemToPlain } from '../model/plain-json';
import { FORMATS, writeItems } from '../model/transfer';
import { Code } from './copy';
import { download, fileName } from './download';
import { Empty } from './empty';
import { ItemGrid } from './item-grid';

const ResultChart = lazy(() => import('./result-chart'));
// More text than this no reader wants and no browser likes.
const MOST_TEXT = 200;
const NONE: string[] = [];

interface Props {
  items: Item[];
  name: string;
  pinned?: string[];
  facts?: string[];
  onEnd?: () => void;
}

export function Results({ items, name, pinned = NONE, facts = [], onEnd }: Props) {
  const [view, setView] = useState('table');
  const text = useMemo(
    () => (view === 'plain' ? writeJson(items.slice(0, MOST_TEXT).map(itemToPlain)) : view === 'dynamodb' ? JSON.stringify(items.slice(0, MOST_TEXT), null, 2) : ''),
    [items, view],
  );
  return (
    <SpaceBetween size="s">
      <div className="toolbar">
        <div className="numbers" aria-live="polite">
          <span>{items.length === 1 ? '1 item' : `${formatCount(items.length)} items`}</span>
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </div>
        <SpaceBetween direction="horizontal" size="xs">
          <SegmentedControl
            label="Show as"
            selectedId={view}
            onChange={({ detail }) => setView(detail.selectedId)}
            options={[
              { id: 'table', text: 'Table' },
              { id: 'plain', text: 'JSON' },
              { id: 'dynamodb', text: 'DynamoDB JSON' },
              { id: 'chart', text: 'Chart' },
            ]}
          />
          <ButtonDropdown
            items={FORMATS.map((one) => ({ id: one.id, text: one.label }))}
            disabled={items.length === 0}
            onItemClick={({ detail }) => {
              const format = FORMATS.find((one) => one.id === detail.id)!;
              download(fileName(name, format.extension), writeItems(items, format.id, pinned), format.type);
            }}
          >
            Export
          </ButtonDropdown>
        </SpaceBetween>
      </div>
      {items.length === 0 ? (
        <Empty title="No items" />
      ) : view === 'table' ? (
        <ItemGrid label="Result" items={items} pinned={pinned} keyNames={NONE} onEnd={onEnd} />
      ) : view === 'chart' ? (
        <Suspense fallback={null}>
          <ResultChart items={items} />
        </Suspense>
      ) : (
        <>
          {items.length > MOST_TEXT && <Alert type="info">The first {formatCount(MOST_TEXT)} items are shown; Export has all.</Alert>}
          <Code label="result" text={text} />
        </>
      )}
      {view !== 'table' && items.length > 0 && <Box />}
    </SpaceBetween>
  );
}
