// SPDX-License-Identifier: GPL-2.0-only
/** An exception is a fault of ours only where the driver does the same thing twice. */
import type { Explored } from '../../../lib/kata/judge';
import { exploredOr } from './unsteady';

const scenario = { id: 'x', name: 'x', task: 1, kind: 'race' } as const;
const exploration = { strategy: 'dpor', executions: 1, complete: true, failing: 0 } as const;
const passes: Explored = {
  verdict: { ...scenario, hidden: false, status: 'pass', message: null, exploration },
  found: null,
};

class Diverged extends Error {
  override name = 'Diverged';
}

const turns = (...ends: (Error | Explored)[]): Explored => {
  let turn = 0;
  return exploredOr(scenario, () => {
    const end = ends[turn++];
    if (end === undefined) throw new Error('asked too often');
    if (end instanceof Error) throw end;
    return end;
  });
};

const UNSTEADY = 'error: the program does not run the same way twice under the same schedule';

it.each([
  ['it passes', [passes], 'pass', null],
  ['the same exception twice', [new Error('lost'), new Error('lost')], 'error', 'lost'],
  ['another exception', [new Error('lost'), new Error('found')], 'fail', UNSTEADY],
  ['no exception the second time', [new Error('lost'), passes], 'fail', UNSTEADY],
  ['a schedule that does not fit', [new Diverged('A'), new Diverged('A')], 'fail', UNSTEADY],
] as const)('%s', (_what, ends, status, message) => {
  expect(turns(...ends).verdict).toMatchObject({ status, message });
});
