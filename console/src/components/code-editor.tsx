// CodeMirror, loaded when the first editor appears.
import { lazy, Suspense } from 'react';
import type { EditorProps } from './code-editor-impl';

const Impl = lazy(() => import('./code-editor-impl'));

export type { EditorProps, EditorFinding, EditorCompletion } from './code-editor-impl';

export function CodeEditor(props: EditorProps) {
  return (
    <div className="editor" style={{ height: props.height ?? 280 }}>
      <Suspense fallback={null}>
        <Impl {...props} />
      </Suspense>
    </div>
  );
}
