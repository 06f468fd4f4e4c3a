// SPDX-License-Identifier: GPL-2.0-only
/** Data for tests: a small kata and verdicts of it. */
import type { Manifest } from '../../../lib/kata/manifest';
import type { ReportFrame, TestVerdict } from '../../../lib/kata/verdict';
import type { Kata } from '../katas';

/** A kata with a race, a function it must keep, and something that must stay possible. */
export const manifest: Manifest = {
  id: '01-toy',
  title: 'The toy that was lost',
  blurb: 'Two CPUs share a toy. Now and then one of them plays with a toy that is no longer there.',
  difficulty: 'easy',
  minutes: 20,
  concepts: ['use after free'],
  prerequisites: [],
  upstream: {
    subject: 'toy: do not lose it',
    commit: 'd23a4b3fd6ef70b80411b39b8c8bc548a219ce70',
    file: 'drivers/block/toy.c',
    link: 'https://git.kernel.org/',
    year: 2012,
  },
  driver: 'toy.ts',
  exports: ['toy_get'],
  statics: [],
  shipped: '',
  tasks: [
    { id: 1, title: 'Nobody plays with a lost toy', points: 5, needs: ['sharing'] },
    { id: 2, title: 'Toys are shared', points: 1, needs: [] },
  ],
  scenarios: { race: 'BUG: KASAN', sharing: 'passes', overlap: 'passes' },
};

/** The same kata on disk. */
export const kata: Kata = {
  id: '01-toy',
  number: '01',
  slug: 'toy',
  folder: '/repo/katas/01-toy',
  driver: '/repo/katas/01-toy/toy.ts',
  manifest,
};

/** What is common to all reports in tests. */
export const frame: ReportFrame = {
  tool: 'kernel-race-katas 0.0.0',
  manifest,
  driver: 'katas/01-toy/toy.ts',
  durationMs: 7,
};

const NAMES: Readonly<Record<string, Pick<TestVerdict, 'name' | 'task' | 'kind'>>> = {
  race: { name: 'a toy is not lost while it is played with', task: 1, kind: 'race' },
  sharing: { name: 'two CPUs share one toy', task: 2, kind: 'function' },
  overlap: { name: 'two toys can be played with at once', task: 2, kind: 'reachable' },
};

/** A scenario of the toy kata. */
export function scenarioName(id: string): Pick<TestVerdict, 'id' | 'name' | 'task' | 'kind'> {
  return { id, ...(NAMES[id] ?? { name: id, task: 1, kind: 'race' }) };
}

/** A scenario that holds. */
export function holds(id: string, executions = 26): TestVerdict {
  return {
    ...scenarioName(id),
    status: 'pass',
    hidden: false,
    message: null,
    exploration: { strategy: 'dpor', executions, complete: true, failing: 0 },
  };
}

/** A scenario that fails, with a report of three lines. */
export function fails(
  id: string,
  headline = 'BUG: KASAN: slab-use-after-free in toy_get',
): TestVerdict {
  const replay = `npx kata replay 01 'A4 B7'${id === 'race' ? '' : ` --scenario ${id}`}`;
  return {
    ...holds(id),
    status: 'fail',
    message: headline,
    exploration: { strategy: 'dpor', executions: 17, complete: false, failing: 3 },
    failure: {
      kind: 'slab-use-after-free',
      headline,
      report: `${headline}\n======\nreplay it: ${replay}`,
      schedule: 'A4 B7',
      replay,
      contextSwitches: 1,
    },
  };
}
