import Link from '@cloudscape-design/components/link';
import { ReactNode } from 'react';
import { useNavigate } from 'react-router-dom';

// A link to another page of the console; opens in place, or in a new tab as links do.
export function PageLink({ to, children }: { to: string; children: ReactNode }) {
  const navigate = useNavigate();
  return (
    <Link
      href={import.meta.env.BASE_URL.replace(/\/$/, '') + to}
      onFollow={(event) => {
        const { ctrlKey, metaKey, shiftKey } = event.detail as { ctrlKey?: boolean; metaKey?: boolean; shiftKey?: boolean };
        if (ctrlKey || metaKey || shiftKey) return;
        event.preventDefault();
        navigate(to);
      }}
    >
      {children}
    </Link>
  );
}
