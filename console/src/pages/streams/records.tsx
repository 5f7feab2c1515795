import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { Code } from '../../components/copy';
import { Empty } from '../../components/empty';
import { ItemDiff } from '../../components/item-diff';
import { formatTime, formatCount } from '../../model/format';
import { writeJson } from '../../model/json';
import { itemToPlain } from '../../model/plain-json';
import { diffItems } from '../../model/update';
import { preview } from '../../model/preview';
import type { SeenRecord } from './tail';

const COLORS = { INSERT: 'green', MODIFY: 'blue', REMOVE: 'red' } as const;
const PAGE = 50;

export function Records({ records }: { records: SeenRecord[] }) {
  const [open, setOpen] = useState<string[]>([]);
  const [page, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil(records.length / PAGE));
  const toggle = (id: string) => setOpen((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id]));
  return (
    <Table
      header={<Header variant="h2" counter={`(${formatCount(records.length)})`} description="Newest first.">Records</Header>}
      items={records.slice((Math.min(page, pages) - 1) * PAGE, Math.min(page, pages) * PAGE)}
      trackBy="eventID"
      wrapLines
      cellVerticalAlign="top"
      pagination={pages > 1 ? <Pagination currentPageIndex={Math.min(page, pages)} pagesCount={pages} onChange={({ detail }) => setPage(detail.currentPageIndex)} /> : undefined}
      empty={<Empty title="No changes yet">Change an item of the table, and it shows up here.</Empty>}
      columnDefinitions={[
        { id: 'event', header: 'Event', width: 110, cell: (record) => <Badge color={COLORS[record.eventName]}>{record.eventName}</Badge> },
        { id: 'time', header: 'Time', width: 130, cell: (record) => formatTime(record.dynamodb.ApproximateCreationDateTime) },
        { id: 'key', header: 'Key', isRowHeader: true, width: 180, cell: (record) => Object.entries(record.dynamodb.Keys).map(([name, value]) => `${name}: ${preview(value, 60)}`).join(', ') },
        {
          id: 'change',
          header: 'Change',
          minWidth: 320,
          cell: (record) => (
            <>
              <Button variant="inline-link" ariaExpanded={open.includes(record.eventID)} onClick={() => toggle(record.eventID)}>
                {summary(record)}
              </Button>
              {open.includes(record.eventID) && <Change record={record} />}
            </>
          ),
        },
        { id: 'by', header: 'By', width: 110, cell: (record) => (record.userIdentity?.Type === 'Service' ? 'Time to live' : 'A request') },
      ]}
    />
  );
}

function summary(record: SeenRecord): string {
  const { OldImage: before, NewImage: after } = record.dynamodb;
  if (before && after) return diffItems(before, after).map((change) => change.name).join(', ') || 'nothing visible';
  return after ? 'new item' : before ? 'old item' : 'keys only';
}

function Change({ record }: { record: SeenRecord }) {
  const { OldImage: before, NewImage: after, Keys: keys, SequenceNumber: sequence } = record.dynamodb;
  return (
    <div style={{ paddingTop: 8 }}>
      {before || after ? (
        before && after ? (
          <ItemDiff changes={diffItems(before, after)} beforeTitle="Old image" afterTitle="New image" />
        ) : (
          <Code label="image" text={writeJson(itemToPlain((after ?? before)!))} />
        )
      ) : (
        <Code label="keys" text={writeJson(itemToPlain(keys))} />
      )}
      <div className="muted mono">
        {record.shard}, {sequence}
      </div>
    </div>
  );
}
