import { useNavigate } from 'react-router-dom';
import { useTarget } from './target';

// Goes to a table of this server, in whichever region it is, and leaves a connection for it.
export function useOpenTable(): (table: { region: string; name: string }, tab?: string) => void {
  const { region, setRegion, setConnection } = useTarget();
  const navigate = useNavigate();
  return (table, tab) => {
    setConnection(undefined);
    if (table.region !== region) setRegion(table.region);
    navigate(`/tables/${encodeURIComponent(table.name)}${tab ? `?tab=${tab}` : ''}`);
  };
}
