import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, CompletionContext, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { PostgreSQL, sql, SQLDialect } from '@codemirror/lang-sql';
import { bracketMatching, foldGutter, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { Diagnostic, linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, Extension, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder as placeholderExtension } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import { isDark } from '../app/theme';

export interface EditorFinding {
  severity: 'error' | 'warning';
  message: string;
  from: number;
  to: number;
}

export interface EditorCompletion {
  from: number;
  options: { label: string; apply: string; type: string; boost?: number }[];
}

export interface EditorProps {
  value: string;
  onChange?: (text: string) => void;
  language: 'json' | 'partiql';
  label: string;
  height?: number | string;
  readOnly?: boolean;
  placeholder?: string;
  lint?: (text: string) => EditorFinding[];
  complete?: (text: string, at: number, explicit: boolean) => EditorCompletion | undefined;
  onRun?: (selection: string) => void; // Ctrl+Enter; the selected text, if any.
  onSave?: () => void; // Ctrl+S.
  autoFocus?: boolean;
}

// Dark enough for small text, on the line of the cursor too.
const lightHighlight = HighlightStyle.define([
  { tag: tags.keyword, color: '#6f2da8' },
  { tag: [tags.string, tags.special(tags.string)], color: '#0b5d1e' },
  { tag: [tags.number, tags.bool, tags.null], color: '#00519e' },
  { tag: tags.propertyName, color: '#7a3a00' },
  { tag: tags.comment, color: '#5f6b7a' },
]);
const darkHighlight = HighlightStyle.define([
  { tag: tags.keyword, color: '#c9a1ff' },
  { tag: [tags.string, tags.special(tags.string)], color: '#8fe0a4' },
  { tag: [tags.number, tags.bool, tags.null], color: '#75cfff' },
  { tag: tags.propertyName, color: '#ffc182' },
  { tag: tags.comment, color: '#a4a4ad' },
  { tag: [tags.operator, tags.punctuation], color: '#d5d5dc' },
]);

const PARTIQL = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords:
    'select from where and or not between in is missing null order by asc desc insert into value update set remove delete returning all modified old new exists true false',
  types: '',
  builtin: 'begins_with contains size attribute_type list_append set_add set_delete if_not_exists',
});

function themeExtension(): Extension {
  const dark = isDark();
  return [
    syntaxHighlighting(dark ? darkHighlight : lightHighlight),
    EditorView.theme(
      {
        '&': { backgroundColor: 'var(--surface)', color: 'var(--text)' },
        '.cm-gutters': { backgroundColor: 'var(--header)', color: 'var(--soft)', border: 'none' },
        '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--grid-hover)' },
        '.cm-cursor': { borderLeftColor: 'var(--text)' },
        '.cm-scroller': { fontFamily: "Menlo, Consolas, 'DejaVu Sans Mono', monospace" },
        '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: dark ? '#264f78' : '#cfe3ff' },
        '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--text)', border: '1px solid var(--line)' },
        '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: dark ? '#000' : '#fff' },
        '.cm-panels': { backgroundColor: 'var(--header)', color: 'var(--text)' },
      },
      { dark },
    ),
  ];
}

export default function CodeEditorImpl(props: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>();
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const theme = new Compartment();
    const complete = (context: CompletionContext) => {
      if (!latest.current.complete) return null;
      const found = latest.current.complete(context.state.doc.toString(), context.pos, context.explicit);
      return found ? { from: found.from, options: found.options, validFor: /^[\w$.-]*$/ } : null;
    };
    const selection = (editor: EditorView) => {
      const { from, to } = editor.state.selection.main;
      return editor.state.sliceDoc(from, to);
    };
    const editor = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          Prec.highest(
            keymap.of([
              { key: 'Mod-Enter', run: (e) => (latest.current.onRun ? (closeCompletion(e), latest.current.onRun(selection(e)), true) : false) },
              { key: 'Mod-s', run: () => (latest.current.onSave ? (latest.current.onSave(), true) : false), preventDefault: true },
            ]),
          ),
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          latest.current.language === 'json' ? [json(), foldGutter()] : sql({ dialect: PARTIQL, upperCaseKeywords: true }),
          autocompletion({ override: [complete], activateOnTyping: true }),
          latest.current.lint ? [lintGutter(), linter((e): Diagnostic[] => latest.current.lint?.(e.state.doc.toString()) ?? [], { delay: 200 })] : [],
          // Escape, then Tab leaves the editor, so that the keyboard is never trapped.
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
          EditorView.contentAttributes.of({ 'aria-label': latest.current.label, tabindex: '0' }),
          EditorState.readOnly.of(latest.current.readOnly ?? false),
          EditorView.lineWrapping,
          latest.current.placeholder ? placeholderExtension(latest.current.placeholder) : [],
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange?.(update.state.doc.toString());
          }),
          theme.of(themeExtension()),
        ],
      }),
    });
    view.current = editor;
    if (latest.current.autoFocus) editor.focus();
    const onTheme = () => editor.dispatch({ effects: theme.reconfigure(themeExtension()) });
    window.addEventListener('armature-theme', onTheme);
    return () => {
      window.removeEventListener('armature-theme', onTheme);
      editor.destroy();
    };
  }, []);

  // Text set from outside replaces what is shown; text that came from here does not come back.
  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== props.value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: props.value } });
    }
  }, [props.value]);

  return <div ref={host} style={{ height: '100%' }} />;
}
