import TopNavigation, { TopNavigationProps } from '@cloudscape-design/components/top-navigation';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { getRegions } from '../api/server';
import { RegionDialog } from '../components/region-dialog';
import { plural } from '../model/format';
import { useSession } from './session';
import { useTarget } from './target';
import { applyTheme, currentTheme, Theme } from './theme';

const THIS_SERVER = '\u0000local';

export function TopBar({ onSearch }: { onSearch: () => void }) {
  const { session, info, leave } = useSession();
  const { connectionName, connections, region, setConnection, setRegion } = useTarget();
  const navigate = useNavigate();
  const [theme, setTheme] = useState(currentTheme());
  const [askRegion, setAskRegion] = useState(false);
  const { data: regions = [] } = useQuery({ queryKey: ['regions'], queryFn: getRegions, staleTime: 30_000 });

  const regionItems = [
    ...(regions.some((one) => one.region === region) ? [] : [{ region, tables: 0 }]),
    ...regions,
  ].map((one) => ({ id: one.region, text: one.region, description: plural(one.tables, 'table'), checked: one.region === region }));

  const utilities: TopNavigationProps.Utility[] = [
    { type: 'button', iconName: 'search', text: 'Go to… Ctrl+K', ariaLabel: 'Go to a page or table (Ctrl+K)', onClick: onSearch },
    {
      type: 'menu-dropdown',
      text: connectionName ?? 'This server',
      description: connectionName ? `Connection, ${region}` : info.endpoint,
      iconName: 'share',
      items: [
        { id: THIS_SERVER, text: 'This server', description: info.endpoint },
        ...(connections.length
          ? [{ id: 'saved', text: 'Connections', items: connections.map((one) => ({ id: one.name, text: one.name, description: one.environment })) }]
          : []),
        { id: '\u0000manage', text: 'Manage connections…' },
      ],
      onItemClick: ({ detail }) => {
        if (detail.id === '\u0000manage') navigate('/connections');
        else {
          setConnection(detail.id === THIS_SERVER ? undefined : detail.id);
          navigate('/tables');
        }
      },
    },
  ];
  if (!connectionName) {
    utilities.push({
      type: 'menu-dropdown',
      text: region,
      items: [...regionItems.map(({ checked, ...item }) => ({ ...item, disabled: checked })), { id: '\u0000other', text: 'Another region…' }],
      onItemClick: ({ detail }) => (detail.id === '\u0000other' ? setAskRegion(true) : setRegion(detail.id)),
    });
  }
  utilities.push({
    type: 'menu-dropdown',
    text: session.principal.name,
    description: session.principal.arn,
    iconName: 'user-profile',
    items: [
      {
        id: 'theme',
        text: 'Appearance',
        items: (['system', 'light', 'dark'] as Theme[]).map((one) => ({
          id: `theme-${one}`,
          text: { system: 'As the system', light: 'Light', dark: 'Dark' }[one],
          disabled: theme === one,
        })),
      },
      { id: 'sign-out', text: 'Sign out' },
    ],
    onItemClick: ({ detail }) => {
      if (detail.id === 'sign-out') void leave();
      else {
        const next = detail.id.replace('theme-', '') as Theme;
        applyTheme(next);
        setTheme(next);
      }
    },
  });

  return (
    <>
      <TopNavigation
        identity={{
          href: import.meta.env.BASE_URL,
          title: 'Armature',
          onFollow: (event) => {
            event.preventDefault();
            navigate('/');
          },
        }}
        utilities={utilities}
      />
      {askRegion && (
        <RegionDialog
          onClose={() => setAskRegion(false)}
          onChoose={(next) => {
            setRegion(next);
            setAskRegion(false);
          }}
        />
      )}
    </>
  );
}
