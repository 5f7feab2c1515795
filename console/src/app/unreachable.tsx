import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useEffect } from 'react';

export function Unreachable({ error, onRetry }: { error: Error; onRetry: () => void }) {
  useEffect(() => {
    const timer = setInterval(onRetry, 5000);
    return () => clearInterval(timer);
  }, [onRetry]);
  return (
    <main className="centered">
      <Alert type="error" header="The server does not answer" action={<Button onClick={onRetry}>Try again</Button>}>
        {error.message} This page tries again every five seconds.
      </Alert>
    </main>
  );
}
