import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import { ReactNode, useEffect } from 'react';

interface Props {
  title: string;
  counter?: string;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, counter, description, actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Armature`;
  }, [title]);
  return (
    <ContentLayout
      header={
        <Header variant="h1" counter={counter} description={description} actions={actions}>
          {title}
        </Header>
      }
    >
      {children}
    </ContentLayout>
  );
}
