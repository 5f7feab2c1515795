import SideNavigation, { SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { useLocation, useNavigate } from 'react-router-dom';

export function Navigation() {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const link = (text: string, href: string): SideNavigationProps.Link => ({ type: 'link', text, href });
  const items: SideNavigationProps.Item[] = [
    link('Dashboard', '/'),
    link('Tables', '/tables'),
    link('Explore items', '/explore'),
  ];
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
