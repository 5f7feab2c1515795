// Who is signed in. Nothing of the console is shown before that is known.
import { createContext, lazy, ReactNode, Suspense, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { ApiError, whenSignedOut } from '../api/http';
import { currentSession, getInfo, ServerInfo, Session, signOut } from '../api/session';
import { Unreachable } from './unreachable';

const SignIn = lazy(() => import('../pages/sign-in'));

interface SessionValue {
  session: Session;
  info: ServerInfo;
  leave: () => Promise<void>;
}

const Context = createContext<SessionValue | undefined>(undefined);

export function useSession(): SessionValue {
  const value = useContext(Context);
  if (!value) throw new Error('used outside of SessionGate');
  return value;
}

export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [info, setInfo] = useState<ServerInfo>();
  const [session, setSession] = useState<Session | null>();
  const [problem, setProblem] = useState<Error>();
  const [ended, setEnded] = useState(false);

  const load = useCallback(async () => {
    setProblem(undefined);
    try {
      setInfo(await getInfo());
      setSession(
        await currentSession().catch((error: unknown) => {
          if (error instanceof ApiError && error.status === 401) return null;
          throw error;
        }),
      );
    } catch (error) {
      setProblem(error as Error);
    }
  }, []);

  useEffect(() => {
    void load();
  }, [load]);

  useEffect(() => {
    whenSignedOut(() => {
      setSession((now) => {
        if (now) setEnded(true);
        return null;
      });
      client.clear();
    });
  }, [client]);

  const leave = useCallback(async () => {
    await signOut().catch(() => undefined);
    client.clear();
    sessionStorage.clear();
    setEnded(false);
    setSession(null);
  }, [client]);

  const value = useMemo(() => (session && info ? { session, info, leave } : undefined), [session, info, leave]);

  if (problem) return <Unreachable error={problem} onRetry={() => void load()} />;
  if (!info || session === undefined) return null;
  if (!value) {
    return (
      <Suspense fallback={null}>
        <SignIn
          info={info}
          ended={ended}
          onSignedIn={(next) => {
            setEnded(false);
            setSession(next);
          }}
        />
      </Suspense>
    );
  }
  return <Context.Provider value={value}>{children}</Context.Provider>;
}
