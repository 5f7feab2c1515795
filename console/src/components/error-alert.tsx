import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { useNavigate } from 'react-router-dom';
import { ServiceError } from '../api/dynamodb';
import { ApiError } from '../api/http';

const HINTS: [RegExp, string][] = [
  [/^ResourceNotFoundException$/, 'Check the name and the region in the top bar: a table exists in one region only.'],
  [/^ProvisionedThroughputExceeded|Throttling/, 'The table is asked for more than it may give. Wait, raise its capacity, or switch it to on-demand.'],
  [/^ExpiredToken/, 'The temporary credentials have ended; sign in again.'],
  [/^ConditionalCheckFailed/, 'The item is not as the request expected it to be.'],
];

const DENIED = /^AccessDenied/;

// An error with its type, what to do about it, and where it can be looked up.
export function ErrorAlert({ error, header, onRetry }: { error: unknown; header?: string; onRetry?: () => void }) {
  const navigate = useNavigate();
  if (!error) return null;
  const service = error instanceof ServiceError ? error : undefined;
  const hint = service ? HINTS.find(([pattern]) => pattern.test(service.type))?.[1] : error instanceof ApiError ? error.remedy : undefined;
  const denied = service && DENIED.test(service.type);
  return (
    <Alert
      type="error"
      header={header ?? service?.type ?? 'That did not work'}
      action={
        denied ? (
          <Button onClick={() => navigate(`/access?message=${encodeURIComponent(service.message)}`)}>Why was this denied?</Button>
        ) : onRetry ? (
          <Button onClick={onRetry}>Try again</Button>
        ) : undefined
      }
    >
      {header && service ? <strong>{service.type}: </strong> : null}
      {error instanceof Error ? error.message : String(error)}
      {hint && <Box variant="p">{hint}</Box>}
      {service?.requestId && (
        <Box variant="small" display="block" color="text-body-secondary">
          Request {service.requestId}
        </Box>
      )}
    </Alert>
  );
}
