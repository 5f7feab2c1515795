import SideNavigation, { SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { useLocation, useNavigate } from 'react-router-dom';
import { useDialect } from './dialect';
import { useTarget } from './target';

export function Navigation() {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const { connectionName } = useTarget();
  const dialect = useDialect();
  const link = (text: string, href: string): SideNavigationProps.Link => ({ type: 'link', text, href });
  const items: SideNavigationProps.Item[] = [
    link('Dashboard', '/'),
    link('Tables', '/tables'),
    link('Explore items', '/explore'),
    ...(dialect.partiql ? [link('PartiQL editor', '/partiql')] : []),
    link('Saved queries', '/queries'),
    ...(dialect.streams ? [link('Streams', '/streams')] : []),
    { type: 'divider' },
    link('Connections', '/connections'),
  ];
  if (!connectionName) {
    items.push(
      { type: 'divider' },
      {
        type: 'section-group',
        title: 'Identity',
        items: [
          link('Users', '/users'),
          link('Groups', '/groups'),
          link('Roles', '/roles'),
          link('Policies', '/policies'),
          link('Why was this denied?', '/access'),
          link('IP allow-list', '/allow-list'),
        ],
      },
    );
  }
  const first = '/' + (pathname.split('/')[1] ?? '');
  return (
    <SideNavigation
      activeHref={first}
      items={items}
      onFollow={(event) => {
        if (event.detail.external) return;
        event.preventDefault();
        navigate(event.detail.href);
      }}
    />
  );
}
