// SPDX-License-Identifier: GPL-2.0-only
/** The literature's programs: our rate with and without detectors, the yardstick's rate, and the rate of plain depth-first search. */
import { dfs, dpor, type Explorer } from '../../lib/explore';
import * as ours from '../../lib/explore/testing/paper';
import { Machine, type Program } from '../../lib/machine';
import { allMonitors } from '../../lib/sanitize';
import { type RateOptions, median, rates, ratio } from './rate';
import type { Family } from './sketch-programs';
import type { Yardstick } from './yardstick';

export interface PaperRow {
  readonly program: string;
  /** The traces of the program, or as many as were explored. */
  readonly executions: number;
  readonly complete: boolean;
  /** Executions per second: the yardstick, dpor without detectors, dpor with all of them, depth-first search. */
  readonly sketchRate: number;
  readonly offRate: number;
  readonly onRate: number;
  readonly dfsRate: number;
  readonly offRatio: number;
  readonly onRatio: number;
  /** Interleavings that depth-first search explored, and whether these were all. */
  readonly dfsExecutions: number;
  readonly dfsComplete: boolean;
}

interface Pair {
  readonly name: string;
  readonly ours: Program;
  readonly theirs: () => number;
}

const PROGRAMS: readonly (readonly [Family, readonly number[]])[] = [
  ['lastzero', [5, 10, 15]],
  ['readers', [8, 13]],
  ['indexer', [12, 15]],
  ['filesystem', [14, 16, 18, 20]],
  ['philosophers', [3, 5]],
];

/** No contestant explores more executions of a program in one run. */
const EXECUTIONS_MAX = 10_000;

/** Measures all programs; calls `progress` for each row. */
export function measurePaper(
  yardstick: Yardstick,
  options: RateOptions,
  progress: (row: string) => void,
): PaperRow[] {
  const pairs = PROGRAMS.flatMap(([family, sizes]) =>
    sizes.map((n) => ({
      name: `${family}(${n})`,
      ours: ours[family](n),
      theirs: yardstick(family, n, EXECUTIONS_MAX),
    })),
  );
  return pairs.map((pair) => {
    progress(pair.name);
    return measure(pair, options);
  });
}

function explore(explorer: Explorer, machine: Machine): ReturnType<Explorer> {
  return explorer(machine, () => false, { executionsMax: EXECUTIONS_MAX });
}

function measure(pair: Pair, options: RateOptions): PaperRow {
  // Each contestant has one machine: the benchmark measures exploring, not setting up.
  const bare = new Machine(pair.ours);
  const watched = new Machine(pair.ours, { monitors: allMonitors() });
  const off = (explorer: Explorer): ReturnType<Explorer> => explore(explorer, bare);
  const on = (): number => explore(dpor, watched).executions;
  const { executions, complete } = off(dpor);
  const plain = off(dfs);
  if (pair.theirs() !== executions)
    throw new Error(`bench: the yardstick does not agree on the traces of ${pair.name}`);
  const measured = rates(
    {
      sketch: pair.theirs,
      off: () => off(dpor).executions,
      on,
    },
    options,
  );
  const dfsRate = rates({ dfs: () => off(dfs).executions }, { rounds: 1, roundMs: 0 }).dfs;
  return {
    program: pair.name,
    executions,
    complete,
    sketchRate: median(measured.sketch),
    offRate: median(measured.off),
    onRate: median(measured.on),
    dfsRate: median(dfsRate),
    offRatio: ratio(measured.off, measured.sketch),
    onRatio: ratio(measured.on, measured.sketch),
    dfsExecutions: plain.executions,
    dfsComplete: plain.complete,
  };
}
