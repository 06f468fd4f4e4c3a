// SPDX-License-Identifier: GPL-2.0-only
import { judgeScenario } from '../../kata/judge';
import { traceScenario } from '../../kata/trace';
import type { Scenario } from '../../scenario/scenario';
import { NBD_DEADLOCK, RBD_RACE, WAYS } from '../testing/scenarios';
import { executionOf } from './execution';
import type { Execution } from './types';

function executed(scenario: Scenario, schedule: string): Execution {
  const sources = { 'rbd.ts': ['one line'] };
  const command = `replay '${schedule}'`;
  return executionOf(traceScenario(scenario, schedule), { schedule, sources, command });
}

/** The bands of an execution, one line each: kind, name, task, from, to and where it began to run. */
function bands(way: string, schedule: string): string[] {
  return executed(WAYS[way] ?? RBD_RACE, schedule).bands.map(
    ({ kind, name, letter, from, to, began }) =>
      `${kind} ${name} ${letter} ${from}-${to ?? ''}${began === null ? '' : ` runs ${began}`}`,
  );
}

describe('a failing execution', () => {
  const execution = executed(RBD_RACE, 'A2 B4 A3');

  it('survives being written as JSON', () => {
    expect(JSON.parse(JSON.stringify(execution))).toEqual(execution);
  });

  it('has the rows of the report, and the steps they tell of', () => {
    expect(
      execution.rows.map(({ letter, step, text, at, guilty, note }) =>
        [letter, step, at?.line ?? '-', text, guilty ? `<-- ${note}` : ''].join(' ').trim(),
      ),
    ).toEqual([
      'A 2 - rbd_put_client()',
      'A 2 24 kref_put(rbd_client#1.kref) 1 -> 0',
      'B 4 - rbd_get_client()',
      'B 4 33 spin_lock(node_lock)',
      'B 4 34 __rbd_client_find()',
      'B 4 28 list_for_each_entry(rbd_client_list)',
      'B 5 35 kref_get(rbd_client#1.kref) 0 -> saturated',
      'B 6 36 spin_unlock(node_lock)',
      'B 6 37 updates rbd_client#1.id 0 -> 1 <--',
      'A 7 - rbd_client_release()',
      'A 7 17 spin_lock(node_lock)',
      'A 7 18 list_del(rbd_client#1.node)',
      'A 8 19 spin_unlock(node_lock)',
      'A 9 20 kfree(rbd_client#1) <-- slab-use-after-free',
    ]);
  });

  it('knows the finding, its steps and its report', () => {
    expect(execution.finding).toMatchObject({
      headline: 'BUG: KASAN: slab-use-after-free in rbd_get_client',
      at: 9,
      guilty: [6, 9],
    });
    expect(execution.finding?.report).toContain("replay it: replay 'A2 B4 A3'");
  });

  it('has the state of every task at every position', () => {
    expect(execution.standings).toHaveLength(execution.steps.length + 1);
    expect(execution.standings[5]).toEqual([
      {
        letter: 'A',
        state: 'waits',
        next: 'spin_lock(node_lock)',
        stack: [
          { file: 'rbd.ts', line: 17, within: 'rbd_client_release' },
          { file: 'rbd.ts', line: 24, within: 'rbd_put_client' },
        ],
        holds: [],
        waitsFor: ['B'],
      },
      {
        letter: 'B',
        state: 'ready',
        next: 'spin_unlock(node_lock)',
        stack: [{ file: 'rbd.ts', line: 36, within: 'rbd_get_client' }],
        holds: ['node_lock'],
        waitsFor: [],
      },
    ]);
  });

  it('has counts, lives and what orders what', () => {
    expect(execution.counts).toEqual([
      {
        object: 'rbd_client#1.kref',
        changes: [
          { at: 0, value: 1, text: '1' },
          { at: 2, value: 0, text: '0' },
          { at: 5, value: -1073741824, text: 'saturated' },
          { at: 9, value: null, text: 'unknown' },
        ],
      },
    ]);
    expect(execution.lives).toEqual([
      {
        object: 'rbd_client#1',
        letter: '',
        from: 0,
        freed: 9,
        freedBy: 'A',
        uses: [2, 5, 6, 7, 9],
      },
    ]);
    expect(execution.edges).toEqual([
      {
        from: 6,
        to: 7,
        kind: 'synchronises',
        name: 'spin_unlock(node_lock) -> spin_lock(node_lock)',
      },
    ]);
  });
});

it.each([
  [
    'rcu',
    'A2 B2 A1',
    [
      'wait synchronize_rcu() B 4-5',
      'section rcu_read_lock A 2-5',
      'grace grace period of rcu_read_lock B 4-7',
    ],
  ],
  ['rcu', 'A3 B4', ['section rcu_read_lock A 2-3', 'grace grace period of rcu_read_lock B 5-7']],
  [
    'work',
    '',
    ['wait flush_work(item) A 3-7', 'deferred kworker/events: queue_work(item) B 2-7 runs 5'],
  ],
])('shows what lasts in %s, %j', (way, schedule, expected) => {
  expect(bands(way, schedule)).toEqual(expected);
});

it('names who was started by whom', () => {
  expect(executed(WAYS.work ?? RBD_RACE, '').tasks).toMatchObject([
    { letter: 'A', born: 0, from: '' },
    { letter: 'B', context: 'workqueue', born: 2, from: "A's queue_work()" },
  ]);
});

it('says who waits for ever in a deadlock', () => {
  const schedule = judgeScenario(NBD_DEADLOCK).failure?.schedule ?? '';
  const execution = executed(NBD_DEADLOCK, schedule);
  const waiting = execution.standings.at(-1)?.filter(({ state }) => state === 'waits');
  expect(waiting?.map(({ letter }) => letter)).toEqual(['A', 'B']);
  const open = execution.bands.filter(({ kind, to }) => kind === 'wait' && to === null);
  expect(open.map(({ letter }) => letter)).toEqual(['A', 'B']);
});
