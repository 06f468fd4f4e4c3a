// SPDX-License-Identifier: GPL-2.0-only
/** Two drivers beside each other, or one below the other where the page is narrow: what differs is marked, what does not is folded. */
import { javascript } from '@codemirror/lang-javascript';
import { syntaxHighlighting } from '@codemirror/language';
import { getChunks, MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';

/** A driver with a name for people who cannot see on which side it stands. */
export interface Side {
  readonly name: string;
  readonly text: string;
}

export interface BesideOptions {
  readonly parent: HTMLElement;
  readonly left: Side;
  readonly right: Side;
  /** Side by side; otherwise as one text with what the left side has and the right one lacks. */
  readonly wide: boolean;
  /** What is the same is folded. */
  readonly folded: boolean;
}

/** Two drivers in a page. */
export interface Beside {
  /** How many places differ. */
  readonly places: number;
  readonly destroy: () => void;
}

/** Shows two drivers. */
export function openBeside({ parent, left, right, wide, folded }: BesideOptions): Beside {
  const collapse = folded ? { collapseUnchanged: { margin: 3, minSize: 6 } } : {};
  if (wide) {
    const view = new MergeView({
      parent,
      a: { doc: left.text, extensions: readable(left.name) },
      b: { doc: right.text, extensions: readable(right.name) },
      ...collapse,
    });
    return { places: view.chunks.length, destroy: () => view.destroy() };
  }
  const merged = unifiedMergeView({ original: left.text, mergeControls: false, ...collapse });
  const extensions = [readable(`${left.name}, and ${right.name}`), merged];
  const view = new EditorView({ parent, doc: right.text, extensions });
  return { places: getChunks(view.state)?.chunks.length ?? 0, destroy: () => view.destroy() };
}

/** A text to read: it can be focused and scrolled by keyboard, and not changed. */
function readable(name: string): Extension {
  return [
    lineNumbers(),
    javascript({ typescript: true }),
    syntaxHighlighting(classHighlighter),
    EditorState.readOnly.of(true),
    EditorView.contentAttributes.of({
      'aria-label': name,
      'aria-readonly': 'true',
      tabindex: '0',
    }),
  ];
}
