import Box from '@cloudscape-design/components/box';
import Spinner from '@cloudscape-design/components/spinner';
import { useEffect, useState } from 'react';

// Shown only when waiting takes long enough to be noticed, so that quick pages do not flicker.
export function Loading({ text = 'Loading' }: { text?: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 250);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Box padding="xxl" textAlign="center" color="text-status-inactive">
      {late && (
        <>
          <Spinner /> {text}
        </>
      )}
    </Box>
  );
}
