import Container from '@cloudscape-design/components/container';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/dynamodb';
import type { TableDescription } from '../../api/types';
import { useNotify } from '../../app/notify';
import { useArns } from '../../app/permissions';
import { useTarget } from '../../app/target';
import { AllowedButton } from '../../components/allowed-button';
import { ErrorAlert } from '../../components/error-alert';
import { FormErrors, tagErrors } from '../../model/table-form';
import { TagsEditor } from './tags-editor';

interface Pair {
  key: string;
  value: string;
}

export function Tags({ table }: { table: TableDescription }) {
  const { target } = useTarget();
  const arns = useArns();
  const notify = useNotify();
  const [draft, setDraft] = useState<Pair[]>();
  const [busy, setBusy] = useState(false);
  const { data: saved = [], error, refetch } = useQuery({
    queryKey: ['tags', target.connection ?? '', table.TableArn],
    queryFn: async () => {
      const { output } = await call(target, 'ListTagsOfResource', { ResourceArn: table.TableArn });
      return (output.Tags ?? []).map((tag): Pair => ({ key: tag.Key, value: tag.Value }));
    },
    enabled: !!table.TableArn,
  });
  const tags = draft ?? saved;
  const errors: FormErrors = {};
  tagErrors(tags, (field, message) => {
    if (message && !(field in errors)) errors[field] = message;
  });

  const save = async () => {
    setBusy(true);
    try {
      const gone = saved.filter((old) => !tags.some((tag) => tag.key === old.key)).map((old) => old.key);
      const changed = tags.filter((tag) => !saved.some((old) => old.key === tag.key && old.value === tag.value));
      if (gone.length) await call(target, 'UntagResource', { ResourceArn: table.TableArn, TagKeys: gone });
      if (changed.length) await call(target, 'TagResource', { ResourceArn: table.TableArn, Tags: changed.map((tag) => ({ Key: tag.key, Value: tag.value })) });
      notify.success('Tags saved.');
      await refetch();
      setDraft(undefined);
    } catch (problem) {
      notify.failure('The tags were not saved', problem);
    }
    setBusy(false);
  };

  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Names and values of your own; policies can refer to them."
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={!draft || busy} onClick={() => setDraft(undefined)}>
                Undo
              </Button>
              <AllowedButton variant="primary" action="dynamodb:TagResource" resource={arns.table(table.TableName)} loading={busy} disabled={!draft || Object.keys(errors).length > 0} onClick={() => void save()}>
                Save
              </AllowedButton>
            </SpaceBetween>
          }
        >
          Tags
        </Header>
      }
    >
      <SpaceBetween size="m">
        <ErrorAlert error={error} />
        <TagsEditor tags={tags} errors={errors} onChange={setDraft} />
      </SpaceBetween>
    </Container>
  );
}
