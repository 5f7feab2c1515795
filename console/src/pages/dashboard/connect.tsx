import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useSession } from '../../app/session';
import { useTarget } from '../../app/target';
import { Code, Copy } from '../../components/copy';
import { PageLink } from '../../components/link';
import { snippets } from '../../model/snippets';
import { Panel } from '.';

export function Connect() {
  const { info } = useSession();
  const { region, connectionName } = useTarget();
  const here = connectionName ? info.region : region;
  return (
    <Panel title="Connect your applications">
      <SpaceBetween size="s">
        <Box>
          Endpoint <Copy text={info.endpoint} label="Copy the endpoint" />
        </Box>
        <Tabs tabs={snippets(info.endpoint, here, info.dev).map((one) => ({ id: one.id, label: one.label, content: <Code label={`${one.label} example`} text={one.text} /> }))} />
        {!info.dev && (
          <Box color="text-body-secondary">
            Give every application a user of its own: <PageLink to="/users">create one with an access key</PageLink>.
          </Box>
        )}
      </SpaceBetween>
    </Panel>
  );
}
