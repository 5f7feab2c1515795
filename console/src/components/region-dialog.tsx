import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { FormEvent, useState } from 'react';
import { useFirstField } from './first-field';

export const REGION = /^[a-z0-9-]{2,32}$/;

export function RegionDialog({ onClose, onChoose }: { onClose: () => void; onChoose: (region: string) => void }) {
  const fields = useFirstField<HTMLFormElement>();
  const [region, setRegion] = useState('');
  const bad = region !== '' && !REGION.test(region);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (REGION.test(region)) onChoose(region);
  };
  return (
    <Modal
      visible
      onDismiss={onClose}
      header="Another region"
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="primary" disabled={!REGION.test(region)} onClick={() => onChoose(region)}>
              Go there
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form ref={fields} onSubmit={submit}>
        <FormField
          label="Region"
          description="Any name works: a region is a name space of its own, with its own tables."
          errorText={bad ? 'Small letters, digits and hyphens, 2 to 32 of them.' : undefined}
        >
          <Input value={region} autoFocus placeholder="eu-central-1" onChange={({ detail }) => setRegion(detail.value)} />
        </FormField>
      </form>
    </Modal>
  );
}
