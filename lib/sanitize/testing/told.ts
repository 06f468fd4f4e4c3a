// SPDX-License-Identifier: GPL-2.0-only
/**
 * For tests of detectors: explores a program with recorded stacks and returns the findings, without line numbers that
 * would change.
 */
import {
  type Frame,
  Machine,
  type Monitor,
  type Program,
  sites,
  type Telling,
} from '../../machine';

/** What an exploration found. */
export interface Told {
  /** Kinds of all findings, sorted, without repetition; predicted ones in brackets. */
  readonly kinds: readonly string[];
  /** The first report of a kind. */
  report(kind: string): string;
}

/** Reads a field for the side effect of reading it. */
export function look(_value: unknown): void {
  // Evaluating the argument made the access.
}

type Explore = (machine: Machine, visit: (execution: { machine: Machine }) => boolean) => unknown;

/** Explores a program and returns its findings. */
export function told(
  explore: Explore,
  monitors: readonly Monitor[],
  boot: Program['boot'],
  finish?: (machine: Machine) => void,
): Told {
  const reports = new Map<string, string>();
  sites.capture = stack;
  try {
    const program = finish === undefined ? { boot } : { boot, finish };
    explore(new Machine(program, { monitors, stepsMax: 200 }), ({ machine }) => {
      for (const finding of machine.findings) {
        const kind = finding.predicted === true ? `(${finding.kind})` : finding.kind;
        if (reports.has(kind)) continue;
        reports.set(kind, [finding.headline(telling), ...finding.body(telling)].join('\n'));
      }
      return false;
    });
  } finally {
    sites.capture = null;
  }
  return { kinds: [...reports.keys()].sort(), report: (kind) => reports.get(kind) ?? '' };
}

function stack(): string {
  return new Error().stack ?? '';
}

/** The functions of the test, from the innermost to the one that the machine resumed. */
function framesOf(site: string): Frame[] {
  const frames: Frame[] = [];
  for (const line of site.split('\n')) {
    if (frames.length > 0 && line.includes('/lib/machine/')) break;
    const name = /^ +at (?:\w+\.)?(\w+)(?: \[as \w+\])? \(.*\.test\.ts:\d+:\d+\)$/.exec(line)?.[1];
    if (name !== undefined) frames.push({ name, file: 'driver.ts', line: 1 });
  }
  return frames;
}

/** Functions of the test file only, all of them in line 1 of driver.ts. */
const telling: Telling = {
  frames: framesOf,
  where: (site) => framesOf(site)[0]?.name ?? '',
  stack: (site) => framesOf(site).map(({ name }) => ` ${name} driver.ts`),
};
