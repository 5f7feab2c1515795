import { useEffect, useRef } from 'react';

const FIELD = 'input:not([type=checkbox]):not([type=radio]):not([type=submit]):not([type=file]):not(:disabled), textarea:not(:disabled)';

// Puts the cursor into the first field below the element that holds the ref. A dialog of the design system gives the focus
// to its close button when it opens, and takes a moment to do so; who opens one wants to type.
export function useFirstField<Holder extends HTMLElement>() {
  const holder = useRef<Holder>(null);
  useEffect(() => {
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        const chosen = document.activeElement;
        if (chosen?.matches(FIELD) && holder.current?.contains(chosen)) return; // Whoever was quicker types on.
        holder.current?.querySelector<HTMLElement>(FIELD)?.focus();
      });
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  return holder;
}
