// SPDX-License-Identifier: GPL-2.0-only
/** What is wrong with a driver's text, found as it is typed: the checks that stand before every judgement. */
import type { Diagnostic as Mark } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import { type Diagnostic, linkDriver } from '../../lib/driver';
import { DECLARATORS, OP_EXPORTS, SCENARIO_EXPORTS } from '../../lib/kata/lib-names';

/** The problems of a text; `libExports` are the values of `#lib`. */
export function problemsOf(
  source: string,
  fileName: string,
  libExports: ReadonlySet<string>,
): readonly Diagnostic[] {
  const linked = linkDriver(source, fileName, {
    libExports,
    scenarioExports: new Set(SCENARIO_EXPORTS),
    declarators: new Set(DECLARATORS),
    opExports: new Set(OP_EXPORTS),
  });
  return linked.ok ? [] : linked.diagnostics;
}

/** A problem as a mark in the editor: the word at its place is underlined. */
export function markOf(
  doc: Text,
  { line, column, message }: Pick<Diagnostic, 'line' | 'column' | 'message'>,
): Mark {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const from = Math.min(at.from + column - 1, at.to);
  const word = /^[\w$]+|^\S/.exec(doc.sliceString(from, at.to))?.[0] ?? '';
  return { from, to: from + word.length, severity: 'error', message };
}
