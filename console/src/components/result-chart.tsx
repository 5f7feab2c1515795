import BarChart from '@cloudscape-design/components/bar-chart';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import LineChart from '@cloudscape-design/components/line-chart';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo, useState } from 'react';
import { Item, getOwn } from '../model/attribute';
import { formatCompact } from '../model/format';
import { chartPoints } from '../model/chart';
import { attributeNames } from './item-grid';
import { Empty } from './empty';

// Numbers of a result over another attribute, or how often its values occur.
export default function ResultChart({ items }: { items: Item[] }) {
  const names = useMemo(() => attributeNames(items, []), [items]);
  const numeric = useMemo(() => names.filter((name) => items.some((item) => 'N' in (getOwn(item, name) ?? {}))), [names, items]);
  const [x, setX] = useState<string>();
  const [y, setY] = useState<string>();
  // What differs from item to item says something along the axis.
  const telling = useMemo(() => names.find((name) => !numeric.includes(name) && chartPoints(items, name, undefined).points.length > 1), [names, numeric, items]);
  const chosenX = x ?? telling ?? names[0] ?? '';
  const chosenY = y ?? '';
  const { points, continuous } = useMemo(() => chartPoints(items, chosenX, chosenY || undefined), [items, chosenX, chosenY]);
  const option = (name: string) => ({ value: name, label: name });
  const counted = { value: '', label: 'Number of items' };
  const title = chosenY || 'Number of items';
  const empty = <Empty title="Nothing to draw">Choose attributes that the items have.</Empty>;
  return (
    <SpaceBetween size="s">
      <ColumnLayout columns={2}>
        <FormField label="Along">
          <Select selectedOption={option(chosenX)} options={names.map(option)} onChange={({ detail }) => setX(detail.selectedOption.value)} />
        </FormField>
        <FormField label="Height">
          <Select selectedOption={chosenY ? option(chosenY) : counted} options={[counted, ...numeric.map(option)]} onChange={({ detail }) => setY(detail.selectedOption.value)} />
        </FormField>
      </ColumnLayout>
      {continuous ? (
        <LineChart
          series={[{ title, type: 'line', data: points.map((point) => ({ x: Number(point.x), y: point.y })) }]}
          xTitle={chosenX}
          yTitle={title}
          xScaleType="linear"
          height={300}
          hideFilter
          ariaLabel={`${title} by ${chosenX}`}
          i18nStrings={{ xTickFormatter: (value) => formatCompact(value), yTickFormatter: formatCompact }}
          empty={empty}
        />
      ) : (
        <BarChart
          series={[{ title, type: 'bar', data: points }]}
          xTitle={chosenX}
          yTitle={title}
          xScaleType="categorical"
          height={300}
          hideFilter
          ariaLabel={`${title} by ${chosenX}`}
          i18nStrings={{ yTickFormatter: formatCompact }}
          empty={empty}
        />
      )}
    </SpaceBetween>
  );
}
