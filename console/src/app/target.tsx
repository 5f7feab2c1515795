// Where the pages work: this server, or a saved connection; and in which region. Kept per browser
// tab, so that two tabs can look at two places and neither changes under the other.
import { createContext, ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Connection, listConnections } from '../api/connections';
import type { Target } from '../api/dynamodb';
import { useSession } from './session';

interface TargetValue {
  target: Target;
  region: string;
  connection?: Connection;
  connectionName?: string;
  connections: Connection[];
  setRegion: (region: string) => void;
  setConnection: (name: string | undefined) => void;
}

const Context = createContext<TargetValue | undefined>(undefined);
const CONNECTION = 'armature.connection';
const REGION = 'armature.region';

export function useTarget(): TargetValue {
  const value = useContext(Context);
  if (!value) throw new Error('used outside of TargetProvider');
  return value;
}

export function TargetProvider({ children }: { children: ReactNode }) {
  const { session } = useSession();
  const [name, setName] = useState(() => sessionStorage.getItem(CONNECTION) ?? undefined);
  const [region, setRegionState] = useState(() => sessionStorage.getItem(REGION) ?? session.region);
  const { data: connections = [], isSuccess } = useQuery({ queryKey: ['connections'], queryFn: listConnections, staleTime: 60_000 });

  const setRegion = useCallback((next: string) => {
    sessionStorage.setItem(REGION, next);
    setRegionState(next);
  }, []);
  const setConnection = useCallback((next: string | undefined) => {
    if (next) sessionStorage.setItem(CONNECTION, next);
    else sessionStorage.removeItem(CONNECTION);
    setName(next);
  }, []);

  const connection = connections.find((one) => one.name === name);
  // One that was deleted elsewhere is no place to stay at.
  useEffect(() => {
    if (name && isSuccess && !connection) setConnection(undefined);
  }, [name, isSuccess, connection, setConnection]);
  const value = useMemo<TargetValue>(
    () => ({
      target: name ? { connection: name } : { region },
      region: name ? (connection?.region ?? '') : region,
      connection,
      connectionName: name,
      connections,
      setRegion,
      setConnection,
    }),
    [name, region, connection, connections, setRegion, setConnection],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}
