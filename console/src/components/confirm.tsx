import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ReactNode, useState } from 'react';
import { ErrorAlert } from './error-alert';
import { useFirstField } from './first-field';

interface Props {
  title: string;
  action: string; // What the button says.
  typed?: string; // Text that has to be typed first.
  children: ReactNode;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

// Asks before something that cannot be taken back, and stays open when it fails.
export function Confirm({ title, action, typed, children, onConfirm, onClose }: Props) {
  const fields = useFirstField<HTMLFormElement>();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const ready = !typed || text === typed;
  const run = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      onDismiss={onClose}
      header={title}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="primary" loading={busy} disabled={!ready} onClick={() => void run()}>
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <ErrorAlert error={error} />
        {typed ? <Alert type="warning">{children}</Alert> : children}
        {typed && (
          <form
            ref={fields}
            onSubmit={(event) => {
              event.preventDefault();
              void run();
            }}
          >
            <FormField label={<>Type <span className="mono">{typed}</span> to confirm</>}>
              <Input value={text} autoFocus autoComplete={false} spellcheck={false} ariaLabel={`Type ${typed} to confirm`} onChange={({ detail }) => setText(detail.value)} />
            </FormField>
          </form>
        )}
      </SpaceBetween>
    </Modal>
  );
}
