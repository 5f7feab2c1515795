import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { NewAccessKey } from '../../api/iam';
import { Copy } from '../../components/copy';
import { download } from '../../components/download';
import { csvCell } from '../../model/csv';

// The only time a secret is shown.
export function SecretDialog({ accessKey, onClose }: { accessKey: NewAccessKey; onClose: () => void }) {
  const [shown, setShown] = useState(false);
  const csv = () =>
    download(
      `${accessKey.userName}-access-key.csv`,
      `User name,Access key ID,Secret access key\r\n${[accessKey.userName, accessKey.accessKeyId, accessKey.secretAccessKey].map((cell) => csvCell(cell)).join(',')}\r\n`,
      'text/csv',
    );
  return (
    <Modal
      visible
      onDismiss={onClose}
      header={`Access key of ${accessKey.userName}`}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="download" onClick={csv}>
              Download CSV
            </Button>
            <Button variant="primary" onClick={onClose}>
              I have kept it
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning">The secret is shown only now. A lost one cannot be read again; make a new key instead.</Alert>
        <FormField label="Access key ID">
          <Copy text={accessKey.accessKeyId} label="Copy the access key ID" />
        </FormField>
        <FormField label="Secret access key">
          <SpaceBetween direction="horizontal" size="s">
            {shown ? (
              <Copy text={accessKey.secretAccessKey} label="Copy the secret access key" />
            ) : (
              <>
                <span>{'•'.repeat(16)}</span>
                <Button variant="inline-link" onClick={() => setShown(true)}>
                  Show
                </Button>
              </>
            )}
          </SpaceBetween>
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
