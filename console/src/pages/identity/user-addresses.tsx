import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import * as iam from '../../api/iam';
import { useNotify } from '../../app/notify';
import { useArns } from '../../app/permissions';
import { useSession } from '../../app/session';
import { AllowedButton } from '../../components/allowed-button';
import { ADDRESS_POLICY, addressPolicy, policyAddresses } from '../../model/policy/addresses';
import { CidrEditor } from './cidr-editor';

// Where a user may come from.
export function UserAddresses({ user }: { user: string }) {
  const { info } = useSession();
  const arns = useArns();
  const notify = useNotify();
  const client = useQueryClient();
  const holder: iam.Holder = { kind: 'User', name: user };
  const { data: saved } = useQuery({
    queryKey: ['addresses', user],
    queryFn: async () =>
      (await iam.inlinePolicies(holder)).includes(ADDRESS_POLICY) ? (policyAddresses(await iam.getInlinePolicy(holder, ADDRESS_POLICY)) ?? []) : [],
    retry: false,
  });
  const [draft, setDraft] = useState<string[]>();
  const [busy, setBusy] = useState(false);
  const value = draft ?? saved ?? [];
  const dirty = value.join() !== (saved ?? []).join();
  const save = async () => {
    setBusy(true);
    try {
      if (value.length) await iam.putInlinePolicy(holder, ADDRESS_POLICY, addressPolicy(value));
      else await iam.deleteInlinePolicy(holder, ADDRESS_POLICY);
      await client.invalidateQueries({ queryKey: ['addresses', user] });
      void client.invalidateQueries({ queryKey: ['holder-policies', 'User', user] });
      setDraft(undefined);
      notify.success('Allowed addresses saved.');
    } catch (error) {
      notify.failure('The addresses were not saved', error);
    }
    setBusy(false);
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={!dirty || busy} onClick={() => setDraft(undefined)}>
                Undo
              </Button>
              <AllowedButton variant="primary" action="iam:PutUserPolicy" resource={arns.iam(`user/${user}`)} loading={busy} disabled={!dirty} onClick={() => void save()}>
                Save
              </AllowedButton>
            </SpaceBetween>
          }
        >
          Allowed addresses
        </Header>
      }
    >
      <SpaceBetween size="s">
        <CidrEditor label="Addresses" description={`Requests from elsewhere are denied. Kept as the inline policy ${ADDRESS_POLICY}.`} value={value} own={info.peerAddress} onChange={setDraft} />
        {value.length === 0 && <Box color="text-body-secondary">May come from everywhere.</Box>}
      </SpaceBetween>
    </Container>
  );
}
