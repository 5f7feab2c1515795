import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import type { FormErrors } from '../../model/table-form';

interface Tag {
  key: string;
  value: string;
}

export function TagsEditor({ tags, errors, onChange }: { tags: Tag[]; errors: FormErrors; onChange: (tags: Tag[]) => void }) {
  const set = (position: number, values: Partial<Tag>) => onChange(tags.map((tag, at) => (at === position ? { ...tag, ...values } : tag)));
  return (
    <AttributeEditor
      items={tags}
      addButtonText="Add tag"
      removeButtonText="Remove"
      empty="No tags"
      onAddButtonClick={() => onChange([...tags, { key: '', value: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(tags.filter((_, at) => at !== detail.itemIndex))}
      definition={[
        {
          label: 'Tag',
          errorText: (_, index) => errors[`tags.${index}`],
          control: (tag, index) => <Input value={tag.key} ariaLabel={`Key of tag ${index + 1}`} placeholder="Key" onChange={({ detail }) => set(index, { key: detail.value })} />,
        },
        {
          label: 'Value',
          control: (tag, index) => <Input value={tag.value} ariaLabel={`Value of tag ${index + 1}`} placeholder="Value" onChange={({ detail }) => set(index, { value: detail.value })} />,
        },
      ]}
    />
  );
}
