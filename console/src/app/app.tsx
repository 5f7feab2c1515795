import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter } from 'react-router-dom';
import { ApiError } from '../api/http';
import { ServiceError } from '../api/dynamodb';
import { SessionGate } from './session';
import { TargetProvider } from './target';
import { NotifyProvider } from './notify';
import { Layout } from './layout';

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      // A refusal stays a refusal; only a server that does not answer is asked again.
      retry: (count, error) =>
        !(error instanceof ServiceError) && error instanceof ApiError && (error.status === 0 || error.status >= 502) && count < 2,
    },
  },
});

export function App() {
  return (
    <I18nProvider locale="en" messages={[messages]}>
      <QueryClientProvider client={queryClient}>
        <BrowserRouter basename={import.meta.env.BASE_URL} future={{ v7_relativeSplatPath: true, v7_startTransition: true }}>
          <SessionGate>
            <TargetProvider>
              <NotifyProvider>
                <Layout />
              </NotifyProvider>
            </TargetProvider>
          </SessionGate>
        </BrowserRouter>
      </QueryClientProvider>
    </I18nProvider>
  );
}
