// SPDX-License-Identifier: GPL-2.0-only
/** What the machine and the axioms say of a program. */
import { candidates } from '../axioms/candidates';
import { judge } from '../axioms/model';
import { pointedTo, type Program } from '../axioms/program';
import { EVENTS_MAX } from '../axioms/relation';
import { textOf } from '../axioms/text';
import { explore } from '../engine';
import { readLitmus } from '../read';

/** What an exploration or the axioms say of a program. */
interface Said {
  readonly endings: ReadonlySet<string>;
  readonly race: boolean;
}

/** Candidates and executions after which a program is too large to compare. */
const CANDIDATES_MAX = 3000;
const EXECUTIONS_MAX = 20_000;

/** Whether a program was compared. */
export type Compared = 'alike' | 'both race' | 'too large';

/** Compares the machine with the axioms; throws with the program's text if they differ in an ending or about a data race. */
export function compareWithAxioms(program: Program): Compared {
  const expected = byAxioms(program);
  const reached = expected && byMachine(program);
  if (expected === null || reached === null) return 'too large';
  const differ = (what: string, ...details: readonly string[]): Error =>
    new Error([textOf(program), what, ...details].join('\n'));
  if (reached.race !== expected.race) {
    throw differ(`the ${reached.race ? 'machine' : 'kernel'} alone reports a data race`);
  }
  if (reached.race) return 'both race'; // whatever it ends with
  const extra = [...reached.endings].filter((ending) => !expected.endings.has(ending));
  const missing = [...expected.endings].filter((ending) => !reached.endings.has(ending));
  if (extra.length + missing.length === 0) return 'alike';
  throw differ('the machine misses:', ...missing, 'the machine alone reaches:', ...extra);
}

/** The endings of all consistent candidates; null if there are too many. */
function byAxioms(program: Program): Said | null {
  const endings = new Set<string>();
  let race = false;
  let tried = 0;
  for (const candidate of candidates(program)) {
    if (++tried > CANDIDATES_MAX || candidate.events.length > EVENTS_MAX) return null;
    const judged = judge(candidate);
    if (!judged.consistent) continue;
    race ||= judged.race;
    endings.add(textOfEnding(candidate.registers, candidate.last));
  }
  return { endings, race };
}

/** The endings of all executions of the machine. */
function byMachine(program: Program): Said | null {
  const explored = explore(readLitmus(textOf(program)), { executionsMax: EXECUTIONS_MAX });
  if (!explored.complete) return null;
  const texts = explored.endings.map(({ registers, last }) => textOfEnding(registers, last));
  return { endings: new Set(texts), race: explored.race !== null };
}

type Held = ReadonlyMap<string, unknown>;

/** An ending as text. What holds its first value is left out, since not all of that is known to both. */
function textOfEnding(registers: readonly Held[], last: Held): string {
  const text = (held: Held): string =>
    [...held]
      .map(([name, value]) => [name, shown(value)] as const)
      .filter(([name, value]) => name !== 'l' && value !== '0' && value !== 'z')
      .map(([name, value]) => `${name}=${value}`)
      .sort()
      .join(' ');
  return [...registers.map((held, t) => `${t}: ${text(held)}`), text(last)].join('; ');
}

function shown(value: unknown): string {
  if (typeof value === 'number') return pointedTo(value) ?? String(value);
  return (value as { readonly location: string }).location; // a register holds numbers and addresses
}
