import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TokenGroup from '@cloudscape-design/components/token-group';
import { useState } from 'react';
import { cidrError, hostNetwork } from '../../model/cidr';

interface Props {
  label: string;
  description?: string;
  value: string[];
  own?: string; // The address this browser is seen with.
  onChange: (cidrs: string[]) => void;
}

// A list of addresses and networks, with the reader's own one click away.
export function CidrEditor({ label, description, value, own, onChange }: Props) {
  const [text, setText] = useState('');
  const problem = text ? cidrError(text) : undefined;
  const add = (cidr: string) => {
    if (cidr !== '' && !cidrError(cidr) && !value.includes(cidr)) onChange([...value, cidr]);
    setText('');
  };
  return (
    <FormField label={label} description={description} errorText={problem}>
      <SpaceBetween size="xs">
        <SpaceBetween direction="horizontal" size="xs">
          <Input
            value={text}
            placeholder="10.0.0.0/8"
            ariaLabel={`Add to ${label}`}
            spellcheck={false}
            onChange={({ detail }) => setText(detail.value.trim())}
            onKeyDown={(event) => {
              if (event.detail.key !== 'Enter') return;
              event.preventDefault();
              if (!problem) add(text);
            }}
          />
          <Button formAction="none" disabled={!text || !!problem} onClick={() => add(text)}>
            Add
          </Button>
          {own && (
            <Button formAction="none" disabled={value.includes(hostNetwork(own))} onClick={() => add(hostNetwork(own))}>
              {`Add my address (${own})`}
            </Button>
          )}
        </SpaceBetween>
        <TokenGroup
          items={value.map((cidr) => ({ label: cidr, dismissLabel: `Remove ${cidr}` }))}
          onDismiss={({ detail }) => onChange(value.filter((_, index) => index !== detail.itemIndex))}
        />
      </SpaceBetween>
    </FormField>
  );
}
