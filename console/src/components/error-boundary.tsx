import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { Component, ReactNode } from 'react';

export class ErrorBoundary extends Component<{ children: ReactNode }, { error?: Error }> {
  state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    // A page whose file is gone was built before the server was updated.
    const stale = /dynamically imported module|Importing a module script failed/i.test(error.message);
    return (
      <Alert
        type="error"
        header={stale ? 'The console was updated' : 'This page failed'}
        action={<Button onClick={() => window.location.reload()}>Reload</Button>}
      >
        {stale ? 'Reload the page to get the new version.' : error.message}
      </Alert>
    );
  }
}
