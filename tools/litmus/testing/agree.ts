// SPDX-License-Identifier: GPL-2.0-only
/**
 * The oracle for reordering: three explorations of a litmus test must reach the same endings. They are dpor and plain depth-first search
 * on the machine, and a search of all states of another model (search/).
 */
import { dfs, dpor } from '../../../lib/explore';
import type { Ending } from '../answer';
import { explore } from '../engine';
import { readLitmus } from '../read';
import { search } from '../search/search';

/** States and executions after which a test is too large to compare. */
const STATES_MAX = 5000;
const EXECUTIONS_MAX = 3000;

/** What agreed: all three, or dpor and the states, because depth-first search has too many executions. */
export type Agreement = 'all three' | 'without dfs' | 'too large';

/** Compares the endings of a test; throws with its text if they differ. */
export function agree(text: string, executionsMax = EXECUTIONS_MAX): Agreement {
  const test = readLitmus(text);
  const states = search(test, STATES_MAX);
  if (!states.complete) return 'too large';
  const expected = textsOf(states.endings);
  const compare = (name: string, endings: ReadonlySet<string>, complete: boolean): void => {
    const extra = [...endings].filter((ending) => !expected.has(ending));
    const missing = complete ? [...expected].filter((ending) => !endings.has(ending)) : [];
    if (extra.length + missing.length === 0) return;
    throw new Error(
      [text, `${name} misses:`, ...missing, `${name} alone reaches:`, ...extra].join('\n'),
    );
  };
  const reduced = explore(test, { strategy: dpor });
  compare('dpor', textsOf(reduced.endings), true);
  const plain = explore(test, { strategy: dfs, executionsMax });
  compare('dfs', textsOf(plain.endings), plain.complete);
  return plain.complete ? 'all three' : 'without dfs';
}

/** Endings as texts, each once: several states may end alike. */
function textsOf(endings: readonly Ending[]): Set<string> {
  return new Set(
    endings.map(({ registers, last }) =>
      JSON.stringify([registers.map((held) => [...held]), [...last].sort()]),
    ),
  );
}
