// Messages over the page: what was done, what failed.
import type { FlashbarProps } from '@cloudscape-design/components/flashbar';
import { createContext, ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { ServiceError } from '../api/dynamodb';
import { ApiError } from '../api/http';

export interface Notify {
  success: (text: string) => void;
  failure: (what: string, error: unknown) => void;
}

const NotifyContext = createContext<Notify>({ success: () => undefined, failure: () => undefined });
const ItemsContext = createContext<FlashbarProps.MessageDefinition[]>([]);

export const useNotify = () => useContext(NotifyContext);
export const useNotifications = () => useContext(ItemsContext);

export function describeError(error: unknown): string {
  if (error instanceof ServiceError) return `${error.type}: ${error.message}`;
  if (error instanceof ApiError) return error.remedy ? `${error.message} ${error.remedy}` : error.message;
  return error instanceof Error ? error.message : String(error);
}

let nextId = 0;

export function NotifyProvider({ children }: { children: ReactNode }) {
  const [items, setItems] = useState<FlashbarProps.MessageDefinition[]>([]);
  const add = useCallback((type: 'success' | 'error', header: string, content?: string) => {
    const id = `n${nextId++}`;
    const drop = () => setItems((now) => now.filter((item) => item.id !== id));
    setItems((now) => [
      { id, type, header, content, dismissible: true, onDismiss: drop, dismissLabel: 'Dismiss' },
      ...now.slice(0, 4),
    ]);
    if (type === 'success') setTimeout(drop, 5000);
  }, []);
  const notify = useMemo<Notify>(
    () => ({
      success: (text) => add('success', text),
      failure: (what, error) => add('error', what, describeError(error)),
    }),
    [add],
  );
  return (
    <NotifyContext.Provider value={notify}>
      <ItemsContext.Provider value={items}>{children}</ItemsContext.Provider>
    </NotifyContext.Provider>
  );
}
