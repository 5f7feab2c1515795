import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ReactNode, useState } from 'react';
import { ErrorAlert } from './error-alert';
import { useFirstField } from './first-field';

interface Props {
  title: string;
  action: string;
  ready: boolean;
  size?: 'medium' | 'large' | 'max';
  onSubmit: () => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}

// A form in a dialog that stays open, with the reason, when it fails.
export function FormDialog({ title, action, ready, size = 'medium', onSubmit, onClose, children }: Props) {
  const fields = useFirstField<HTMLFormElement>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await onSubmit();
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  return (
    <Modal
      visible
      size={size}
      onDismiss={onClose}
      header={title}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="primary" loading={busy} disabled={!ready} onClick={() => void submit()}>
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        ref={fields}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <SpaceBetween size="m">
          <ErrorAlert error={error} />
          {children}
        </SpaceBetween>
        <input type="submit" hidden />
      </form>
    </Modal>
  );
}
