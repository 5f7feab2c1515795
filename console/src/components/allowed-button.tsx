import Button, { ButtonProps } from '@cloudscape-design/components/button';
import { useAllowed } from '../app/permissions';

interface Props extends ButtonProps {
  action: string; // "dynamodb:CreateTable"
  resource: string;
}

// A button that is off, and says why, when the principal may not do what it does.
export function AllowedButton({ action, resource, ...button }: Props) {
  const { allowed, reason } = useAllowed(action, resource);
  return <Button {...button} disabled={button.disabled || !allowed} disabledReason={allowed ? button.disabledReason : reason} />;
}
