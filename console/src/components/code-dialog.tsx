import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { CODE_LANGUAGES, queryCode, QueryDraft, VariableValues } from '../api/queries';
import { useTarget } from '../app/target';
import { Code } from './copy';
import { ErrorAlert } from './error-alert';
import { Loading } from './loading';

const KEY = 'armature.codeLanguage';

// A request as a program in the language of choice, which the browser remembers.
export function CodeDialog({ query, values = {}, onClose }: { query: QueryDraft; values?: VariableValues; onClose: () => void }) {
  const { connectionName, target } = useTarget();
  const [language, setLanguage] = useState<string>(localStorage.getItem(KEY) ?? 'cli');
  const full = { ...query, connection: connectionName };
  const { data, error, isLoading } = useQuery({
    queryKey: ['code', language, target.region, JSON.stringify(full), JSON.stringify(values)],
    queryFn: () => queryCode(full, language, target.region, values),
    staleTime: Infinity,
  });
  return (
    <Modal visible size="large" onDismiss={onClose} header="As code" footer={<Box float="right"><Button onClick={onClose}>Close</Button></Box>}>
      <SpaceBetween size="s">
        <SegmentedControl
          label="Language"
          selectedId={language}
          options={CODE_LANGUAGES.map((one) => ({ id: one.id, text: one.label }))}
          onChange={({ detail }) => {
            localStorage.setItem(KEY, detail.selectedId);
            setLanguage(detail.selectedId);
          }}
        />
        <ErrorAlert error={error} />
        {isLoading && <Loading />}
        {data !== undefined && <Code label="program" text={data} />}
      </SpaceBetween>
    </Modal>
  );
}
