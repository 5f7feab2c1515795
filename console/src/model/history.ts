// Statements that were run, newest first, kept in this browser.

export interface HistoryEntry {
  statement: string;
  at: number; // Epoch milliseconds.
  ok: boolean;
  ms?: number;
  count?: number;
}

const MOST = 200;

export function loadHistory(storage: Pick<Storage, 'getItem'>, place: string): HistoryEntry[] {
  try {
    const entries: unknown = JSON.parse(storage.getItem(`armature.history.${place}`) ?? '[]');
    return Array.isArray(entries) ? (entries as HistoryEntry[]) : [];
  } catch {
    return [];
  }
}

// The same statement run again moves up instead of filling the list.
export function addHistory(entries: HistoryEntry[], entry: HistoryEntry): HistoryEntry[] {
  return [entry, ...entries.filter((one) => one.statement !== entry.statement)].slice(0, MOST);
}

export function saveHistory(storage: Pick<Storage, 'setItem'>, place: string, entries: HistoryEntry[]): void {
  try {
    storage.setItem(`armature.history.${place}`, JSON.stringify(entries));
  } catch {
    // A full store costs the history, not the work.
  }
}
