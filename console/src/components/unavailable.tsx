import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { ReactNode } from 'react';
import { useTarget } from '../app/target';

// Pages about this server itself have nothing to show of a saved connection.
export function LocalOnly({ children }: { children: ReactNode }) {
  const { connectionName, setConnection } = useTarget();
  if (!connectionName) return children;
  return (
    <Alert type="info" header="This page is about the server that runs the console" action={<Button onClick={() => setConnection(undefined)}>Switch to this server</Button>}>
      You are working on the connection {connectionName}.
    </Alert>
  );
}
