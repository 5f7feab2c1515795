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

// What the browser's tab says.
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    if (title !== undefined) document.title = `${title} · Armature`;
  }, [title]);
}

export function Page({ title, counter, description, actions, children }: Props) {
  useTitle(title);
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
