// A list with search, sorting and paging, as all the plain lists of the console are.
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Table, { TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useCollection } from '@cloudscape-design/collection-hooks';
import { ReactNode } from 'react';
import { formatCount } from '../model/format';
import { Empty } from './empty';
import { useTitle } from './page';

interface Props<T> {
  title: string;
  description?: string;
  items: T[];
  loading?: boolean;
  text: (item: T) => string; // What the search looks at.
  trackBy: (item: T) => string;
  columns: TableProps.ColumnDefinition<T>[];
  actions?: ReactNode;
  empty: ReactNode;
  page?: boolean; // The list is the page.
}

export function ListTable<T>({ title, description, items, loading, text, trackBy, columns, actions, empty, page }: Props<T>) {
  const collection = useCollection(items, {
    filtering: { filteringFunction: (item, query) => text(item).toLowerCase().includes(query.toLowerCase()), empty, noMatch: <Empty title="Nothing by that name" /> },
    pagination: { pageSize: 50 },
    sorting: { defaultState: { sortingColumn: columns[0]! } },
  });
  useTitle(page ? title : undefined);
  return (
    <Table
      {...collection.collectionProps}
      variant={page ? 'full-page' : 'container'}
      items={collection.items}
      trackBy={trackBy}
      loading={loading}
      loadingText="Loading"
      columnDefinitions={columns}
      wrapLines
      header={
        <Header variant={page ? 'awsui-h1-sticky' : 'h2'} counter={loading ? undefined : `(${formatCount(items.length)})`} description={description} actions={actions}>
          {title}
        </Header>
      }
      filter={items.length > 5 ? <TextFilter {...collection.filterProps} filteringPlaceholder="Find" filteringAriaLabel={`Find in ${title}`} /> : undefined}
      pagination={items.length > 50 ? <Pagination {...collection.paginationProps} /> : undefined}
    />
  );
}

// Sorting by one text of an item.
export function by<T>(text: (item: T) => string | number): (a: T, b: T) => number {
  return (a, b) => {
    const [x, y] = [text(a), text(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  };
}
