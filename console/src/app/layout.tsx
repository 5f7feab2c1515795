import AppLayout from '@cloudscape-design/components/app-layout';
import Flashbar from '@cloudscape-design/components/flashbar';
import { Suspense, useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router-dom';
import { Palette } from '../components/palette';
import { Loading } from '../components/loading';
import { ErrorBoundary } from '../components/error-boundary';
import { Breadcrumbs } from './breadcrumbs';
import { Navigation } from './navigation';
import { useNotifications } from './notify';
import { AppRoutes } from './routes';
import { useTarget } from './target';
import { TopBar } from './top-bar';

const narrow = () => window.matchMedia('(max-width: 688px)').matches;

export function Layout() {
  const notifications = useNotifications();
  const { connection, connectionName } = useTarget();
  const [open, setOpen] = useState(() => !narrow());
  const content = useRef<HTMLDivElement>(null);
  const [palette, setPalette] = useState(false);
  const { pathname } = useLocation();

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setPalette((now) => !now);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  useEffect(() => {
    if (narrow()) setOpen(false);
  }, [pathname]);

  return (
    <>
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          content.current?.focus();
        }}
      >
        Skip to the page
      </a>
      <div id="top">
        {connection?.environment === 'production' && (
          <div className="environment production" role="status">
            Production: {connectionName}
            {connection.readOnly ? ' (read-only)' : ''}
          </div>
        )}
        {connection && connection.environment !== 'production' && connection.color && (
          <div className="environment" style={{ background: connection.color }} aria-hidden="true" />
        )}
        <TopBar onSearch={() => setPalette(true)} />
      </div>
      <AppLayout
        headerSelector="#top"
        navigation={<Navigation />}
        navigationOpen={open}
        onNavigationChange={({ detail }) => setOpen(detail.open)}
        navigationWidth={220}
        toolsHide
        maxContentWidth={Number.MAX_VALUE}
        breadcrumbs={<Breadcrumbs />}
        content={
          <div id="content" ref={content} tabIndex={-1}>
            <ErrorBoundary key={pathname}>
              <Suspense fallback={<Loading />}>
                <AppRoutes />
              </Suspense>
            </ErrorBoundary>
          </div>
        }
      />
      <div className="notifications">
        <Flashbar items={notifications} />
      </div>
      {palette && <Palette onClose={() => setPalette(false)} />}
    </>
  );
}
