import Box from '@cloudscape-design/components/box';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useArns } from '../app/permissions';
import { lintPolicy, PolicyKind } from '../model/policy/lint';
import { POLICY_TEMPLATES } from '../model/policy/templates';
import { CodeEditor } from './code-editor';
import { plural } from '../model/format';

interface Props {
  value: string;
  kind: PolicyKind;
  onChange?: (text: string) => void;
  onSave?: () => void;
  height?: number;
}

export function policyErrors(text: string, kind: PolicyKind): number {
  return lintPolicy(text, kind).filter((one) => one.severity === 'error').length;
}

// A policy as text, with what is wrong underlined and ready ones to start from.
export function PolicyEditor({ value, kind, onChange, onSave, height = 340 }: Props) {
  const arns = useArns();
  const findings = lintPolicy(value, kind);
  const errors = findings.filter((one) => one.severity === 'error');
  return (
    <SpaceBetween size="xs">
      {kind === 'identity' && onChange && (
        <Select
          selectedOption={null}
          placeholder="Start from a ready policy"
          ariaLabel="Ready policies"
          options={POLICY_TEMPLATES.map((one) => ({ value: one.id, label: one.label, description: one.about }))}
          onChange={({ detail }) => {
            const template = POLICY_TEMPLATES.find((one) => one.id === detail.selectedOption.value)!;
            onChange(JSON.stringify(template.document(arns.account, arns.region), null, 2));
          }}
        />
      )}
      <CodeEditor language="json" label="Policy document" value={value} height={height} readOnly={!onChange} onChange={onChange} onSave={onSave} lint={(text) => lintPolicy(text, kind)} />
      <Box color={errors.length ? 'text-status-error' : 'text-body-secondary'} fontSize="body-s">
        {errors.length ? `${plural(errors.length, 'error')}: ${errors[0]!.message}` : findings.length ? `${plural(findings.length, 'hint')}: ${findings[0]!.message}` : 'No findings.'}
      </Box>
    </SpaceBetween>
  );
}
