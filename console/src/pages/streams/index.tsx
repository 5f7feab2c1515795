import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import { call, Target } from '../../api/dynamodb';
import type { Shard } from '../../api/types';
import { useTarget } from '../../app/target';
import { Copy } from '../../components/copy';
import { Empty } from '../../components/empty';
import { ErrorAlert } from '../../components/error-alert';
import { Page } from '../../components/page';
import { formatCount, plural } from '../../model/format';
import { Records } from './records';
import { useTail } from './tail';

type StreamName = { StreamArn: string; TableName: string; StreamLabel: string };

async function listStreams(target: Target): Promise<StreamName[]> {
  const all: StreamName[] = [];
  let start: string | undefined;
  do {
    const { output } = await call(target, 'ListStreams', { Limit: 100, ExclusiveStartStreamArn: start });
    all.push(...(output.Streams ?? []));
    start = output.LastEvaluatedStreamArn;
  } while (start);
  return all;
}

async function describeStream(target: Target, arn: string) {
  const shards: Shard[] = [];
  let start: string | undefined;
  for (;;) {
    const { output } = await call(target, 'DescribeStream', { StreamArn: arn, ExclusiveStartShardId: start });
    shards.push(...(output.StreamDescription.Shards ?? []));
    start = output.StreamDescription.LastEvaluatedShardId;
    if (!start) return { ...output.StreamDescription, Shards: shards };
  }
}

export default function Streams() {
  const { table } = useParams();
  const navigate = useNavigate();
  const { target, connectionName } = useTarget();
  const place = [target.connection ?? '', target.region ?? ''];
  const streams = useQuery({ queryKey: ['streams', ...place], queryFn: () => listStreams(target) });
  const chosen = [...(streams.data ?? [])].filter((one) => one.TableName === table).sort((a, b) => (a.StreamLabel < b.StreamLabel ? 1 : -1));
  const [label, setLabel] = useState<string>();
  const stream = chosen.find((one) => one.StreamLabel === label) ?? chosen[0];
  const tables = [...new Set((streams.data ?? []).map((one) => one.TableName))];
  return (
    <Page title={table ?? 'Streams'} description="Changes of items as they happen.">
      <SpaceBetween size="m">
        <ErrorAlert error={streams.error} header="The streams could not be listed" onRetry={() => void streams.refetch()} />
        {streams.data && tables.length === 0 && !table ? (
          <Empty title="No table has a stream" action={<Button onClick={() => navigate('/tables')}>Go to the tables</Button>}>
            Turn a stream on under a table's Stream tab.
          </Empty>
        ) : (
          <ColumnLayout columns={2}>
            <FormField label="Table">
              <Select
                selectedOption={table ? { value: table, label: table } : null}
                placeholder="Choose a table"
                empty="No table has a stream"
                options={tables.map((name) => ({ value: name, label: name }))}
                statusType={streams.isLoading ? 'loading' : 'finished'}
                onChange={({ detail }) => {
                  setLabel(undefined);
                  navigate(`/streams/${encodeURIComponent(detail.selectedOption.value!)}`);
                }}
              />
            </FormField>
            {chosen.length > 1 && (
              <FormField label="Stream">
                <Select
                  selectedOption={{ value: stream!.StreamLabel, label: stream!.StreamLabel }}
                  options={chosen.map((one) => ({ value: one.StreamLabel, label: one.StreamLabel }))}
                  onChange={({ detail }) => setLabel(detail.selectedOption.value)}
                />
              </FormField>
            )}
          </ColumnLayout>
        )}
        {table && streams.data && !stream && !streams.isFetching && <Empty title={`${table} has no stream`} action={<Button onClick={() => navigate(`/tables/${encodeURIComponent(table)}?tab=stream`)}>Turn it on</Button>}>Every change of its items can be followed here once it has one.</Empty>}
        {stream && <Stream key={`${connectionName ?? ''}/${stream.StreamArn}`} arn={stream.StreamArn} />}
      </SpaceBetween>
    </Page>
  );
}

function Stream({ arn }: { arn: string }) {
  const { target } = useTarget();
  const description = useQuery({ queryKey: ['stream', target.connection ?? '', arn], queryFn: () => describeStream(target, arn), refetchInterval: 15_000 });
  const [from, setFrom] = useState<'LATEST' | 'TRIM_HORIZON'>('LATEST');
  const tail = useTail(target, arn, description.data?.Shards, from);
  return (
    <SpaceBetween size="m">
      <ErrorAlert error={description.error ?? tail.error} />
      <Container>
        <div className="toolbar">
          <SpaceBetween direction="horizontal" size="s">
            <Button variant={tail.running ? 'normal' : 'primary'} iconName={tail.running ? 'pause' : 'play'} onClick={tail.running ? tail.stop : tail.start}>
              {tail.running ? 'Pause' : 'Follow'}
            </Button>
            <Select
              selectedOption={from === 'LATEST' ? { value: 'LATEST', label: 'From now on' } : { value: 'TRIM_HORIZON', label: 'From the oldest record' }}
              ariaLabel="Where to begin"
              options={[
                { value: 'LATEST', label: 'From now on' },
                { value: 'TRIM_HORIZON', label: 'From the oldest record' },
              ]}
              onChange={({ detail }) => setFrom(detail.selectedOption.value as typeof from)}
            />
            <Button disabled={tail.records.length === 0} onClick={tail.clear}>
              Clear
            </Button>
          </SpaceBetween>
          <StatusIndicator type={tail.running ? 'in-progress' : 'stopped'}>
            {tail.running ? 'Following' : 'Paused'}, {plural(tail.total, 'record')}
          </StatusIndicator>
        </div>
      </Container>
      <Records records={tail.records} />
      <ExpandableSection headerText={`Shards (${formatCount(description.data?.Shards.length ?? 0)})`} variant="container">
        <SpaceBetween size="s">
          <Copy text={arn} label="Copy the stream ARN" />
          <Table
            variant="embedded"
            items={description.data?.Shards ?? []}
            trackBy="ShardId"
            wrapLines
            columnDefinitions={[
              { id: 'id', header: 'Shard', isRowHeader: true, cell: (shard) => <span className="mono">{shard.ShardId}</span> },
              { id: 'parent', header: 'Parent', cell: (shard) => <span className="mono">{shard.ParentShardId ?? '–'}</span> },
              { id: 'start', header: 'From', cell: (shard) => <span className="mono">{shard.SequenceNumberRange?.StartingSequenceNumber ?? '–'}</span> },
              { id: 'end', header: 'To', cell: (shard) => (shard.SequenceNumberRange?.EndingSequenceNumber ? <span className="mono">{shard.SequenceNumberRange.EndingSequenceNumber}</span> : <StatusIndicator type="success">Open</StatusIndicator>) },
              { id: 'read', header: 'Read', cell: (shard) => formatCount(tail.counts[shard.ShardId] ?? 0) },
            ]}
          />
        </SpaceBetween>
      </ExpandableSection>
    </SpaceBetween>
  );
}
