import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import { useLocation, useNavigate } from 'react-router-dom';

const NAMES: Record<string, string> = {
  tables: 'Tables',
  explore: 'Explore items',
  partiql: 'PartiQL editor',
  queries: 'Saved queries',
  streams: 'Streams',
  users: 'Users',
  groups: 'Groups',
  roles: 'Roles',
  policies: 'Policies',
  access: 'Why was this denied?',
  'allow-list': 'IP allow-list',
  connections: 'Connections',
  new: 'Create',
};

export function Breadcrumbs() {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const steps = pathname.split('/').filter((step) => step !== '');
  if (steps.length < 1) return null;
  const items = [
    { text: 'Dashboard', href: '/' },
    ...steps.map((step, index) => ({
      text: (index === 0 || step === 'new' ? NAMES[step] : undefined) ?? decodeURIComponent(step),
      href: '/' + steps.slice(0, index + 1).join('/'),
    })),
  ];
  return (
    <BreadcrumbGroup
      items={items}
      ariaLabel="Breadcrumbs"
      onFollow={(event) => {
        event.preventDefault();
        navigate(event.detail.href);
      }}
    />
  );
}
