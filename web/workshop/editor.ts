// SPDX-License-Identifier: GPL-2.0-only
/** The editor: CodeMirror with a driver in it. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { forceLinting, linter, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { OP_EXPORTS } from '../../lib/kata/lib-names';
import type { NameList } from '../pages/types';
import { completeFrom } from './completion';
import { markOf, problemsOf } from './problems';

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  /** The driver's file. */
  readonly fileName: string;
  readonly names: NameList;
  readonly onChange: (text: string) => void;
  /** Ctrl+Enter. */
  readonly onRun: () => void;
}

/** An editor in a page. */
export interface Editor {
  readonly text: () => string;
  readonly replace: (text: string) => void;
  /** Shows problems that somebody else has found, until the text is changed. */
  readonly mark: (problems: readonly { line: number; column: number; message: string }[]) => void;
  readonly goTo: (line: number) => void;
  readonly destroy: () => void;
}

/** Puts an editor into the page. */
export function openEditor(options: EditorOptions): Editor {
  const { parent, text } = options;
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: extensionsFor(options),
    }),
  });
  forceLinting(view);
  return {
    text: () => view.state.doc.toString(),
    replace: (next) => {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    mark: (problems) => {
      view.dispatch(
        setDiagnostics(
          view.state,
          problems.map((one) => markOf(view.state.doc, one)),
        ),
      );
    },
    goTo: (line) => {
      const { from } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      view.dispatch({
        selection: { anchor: from },
        effects: EditorView.scrollIntoView(from, { y: 'center' }),
      });
      view.focus();
    },
    destroy: () => {
      view.destroy();
    },
  };
}

function extensionsFor({ fileName, names, onChange, onRun }: EditorOptions): Extension[] {
  const values = new Set(names.values);
  const ops = new Set(OP_EXPORTS);
  const check = linter(
    ({ state }) =>
      problemsOf(state.doc.toString(), fileName, values).map((one) => markOf(state.doc, one)),
    { delay: 300 },
  );
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    javascript({ typescript: true }),
    syntaxHighlighting(classHighlighter),
    autocompletion({
      override: [completeFrom(names.names, (name) => ops.has(name))],
      icons: false,
    }),
    check,
    keymap.of([
      { key: 'Mod-Enter', run: () => (onRun(), true) },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...lintKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...defaultKeymap,
      indentWithTab,
    ]),
    EditorView.contentAttributes.of({ 'aria-label': `The driver, ${fileName}` }),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) onChange(state.doc.toString());
    }),
  ];
}
