import { useEffect, useRef } from 'react';

// Ctrl+Enter, wherever the cursor is on the page; an editor that has an answer of its own comes first, and so does a dialog.
export function useRunKey(run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.key !== 'Enter') return;
      if (document.querySelector('[role=dialog][aria-modal=true]')) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
