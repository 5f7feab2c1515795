import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createQuery, QueryDraft, SavedQuery, updateQuery } from '../api/queries';
import { useNotify } from '../app/notify';
import { FormDialog } from './form-dialog';

interface Props {
  draft: QueryDraft;
  saved?: SavedQuery; // Is replaced, unless the name is another.
  onClose: () => void;
  onSaved: (query: SavedQuery) => void;
}

export function SaveQuery({ draft, saved, onClose, onSaved }: Props) {
  const client = useQueryClient();
  const notify = useNotify();
  const [name, setName] = useState(saved?.name ?? '');
  const [folder, setFolder] = useState(saved?.folder ?? '');
  const [description, setDescription] = useState(saved?.description ?? '');
  const [shared, setShared] = useState(saved?.shared ?? false);
  return (
    <FormDialog
      title="Save query"
      action="Save"
      ready={name.trim() !== ''}
      onClose={onClose}
      onSubmit={async () => {
        const query = { ...draft, name: name.trim(), ...(folder ? { folder } : {}), ...(description ? { description } : {}), shared };
        const stored = saved && saved.name === query.name ? await updateQuery(saved.id, query) : await createQuery(query);
        void client.invalidateQueries({ queryKey: ['queries'] });
        notify.success(`"${query.name}" is saved.`);
        onSaved(stored);
        onClose();
      }}
    >
      <FormField label="Name">
        <Input value={name} autoFocus onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <FormField label="Folder">
        <Input value={folder} placeholder="None" onChange={({ detail }) => setFolder(detail.value)} />
      </FormField>
      <FormField label="Description">
        <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
      </FormField>
      <Checkbox checked={shared} description="Otherwise only you see it." onChange={({ detail }) => setShared(detail.checked)}>
        Shared with everybody
      </Checkbox>
    </FormDialog>
  );
}
