// SPDX-License-Identifier: GPL-2.0-only
/** Three-way merge of drivers: applies the changes of an answer to its old base to the new base. */
import { createRequire } from 'node:module';
import type * as Diff3 from 'node-diff3' with { 'resolution-mode': 'import' };

// Its types are those of the ECMAScript module; the CommonJS module beside it has the same exports.
const { diff3Merge } = createRequire(__filename)('node-diff3') as typeof Diff3;

/** A merged text, and the lines of its conflicts, for a person to resolve. */
export interface Merged {
  readonly text: string;
  readonly conflicts: readonly number[];
}

/** Merges the changes of an answer to its base into the new base. */
export function merged(answer: string, base: string, newBase: string): Merged {
  const regions = diff3Merge(lines(answer), lines(base), lines(newBase));
  const text: string[] = [];
  const conflicts: number[] = [];
  for (const { ok, conflict } of regions) {
    if (ok !== undefined) {
      text.push(...ok);
    } else if (conflict !== undefined) {
      const { a, o, b } = conflict;
      if ([a, o, b].every((part) => part.every((line) => IMPORTED.test(line)))) {
        text.push(...mergedNames(a, o, b));
        continue;
      }
      conflicts.push(text.length + 1);
      text.push('<<<<<<< the answer', ...a, '||||||| the old base', ...o);
      text.push('=======', ...b, '>>>>>>> the new base');
    }
  }
  return { text: text.join('\n'), conflicts };
}

function lines(text: string): string[] {
  return text.split('\n');
}

/** A name in a list of imports: `  type kref,`. */
const IMPORTED = /^ {2}(?:type )?\w+,$/;

/** The order of such lists does not matter: names added by either side are added, and names removed by either side are removed. */
function mergedNames(
  ours: readonly string[],
  base: readonly string[],
  theirs: readonly string[],
): string[] {
  const kept = (line: string): boolean =>
    !base.includes(line) || (ours.includes(line) && theirs.includes(line));
  const name = (line: string): string => line.replace('type ', '').trim().toLowerCase();
  const all = [...new Set([...ours, ...theirs])].filter(kept);
  return all.sort((a, b) => (name(a) < name(b) ? -1 : 1));
}
