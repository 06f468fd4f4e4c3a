// SPDX-License-Identifier: GPL-2.0-only
/** Completion of the names of `#lib`, each with its line. A name that is chosen is imported. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import type { NameEntry } from '../pages/types';

const KINDS: Readonly<Record<NameEntry['kind'], string>> = {
  function: 'function',
  variable: 'constant',
  interface: 'interface',
  type: 'type',
};

/** Completes names of the library wherever a word begins. `isOp` tells what has to be run with `yield*`. */
export function completeFrom(
  names: readonly NameEntry[],
  isOp: (name: string) => boolean,
): (context: CompletionContext) => CompletionResult | null {
  const options = names.map(({ name, line, kind, header }): Completion => ({
    label: name,
    type: KINDS[kind],
    ...(header === '' ? {} : { detail: header.replace(/^include\//, '') }),
    info: isOp(name) ? `${line} Run it with yield*.` : line,
    apply: (view, _completion, from, to) => {
      insert(view, name, from, to, kind);
    },
  }));
  return (context) => {
    const word = context.matchBefore(/[\w$]+/);
    if (word === null || (word.from === word.to && !context.explicit)) return null;
    const before = context.state.sliceDoc(Math.max(0, word.from - 1), word.from);
    if (before === '.' || before === "'" || before === '"') return null;
    return { from: word.from, options, validFor: /^[\w$]*$/ };
  };
}

/** Writes a name, and imports it where it is not imported yet. */
function insert(
  view: EditorView,
  name: string,
  from: number,
  to: number,
  kind: NameEntry['kind'],
): void {
  const text = view.state.doc.toString();
  const block = IMPORTS.exec(text);
  const main = { from, to, insert: name };
  const inside = block !== null && from >= block.index && from <= block.index + block[0].length;
  const list = block?.[1] ?? '';
  const known = new RegExp(`\\b${name}\\b`).test(list);
  if (block === null || inside || known) {
    view.dispatch({ changes: main, selection: { anchor: from + name.length } });
    return;
  }
  const added = kind === 'function' || kind === 'variable' ? name : `type ${name}`;
  const at = block.index + block[0].lastIndexOf('}');
  const lines = list.includes('\n');
  const bare = list.trimEnd().endsWith(',') || list.trim() === '';
  const change = { from: at, insert: lines ? `  ${added},\n` : `${bare ? '' : ', '}${added} ` };
  view.dispatch({
    changes: [change, main],
    selection: { anchor: from + change.insert.length + name.length },
  });
}

const IMPORTS = /import \{([^}]*)\} from '#lib';/;
