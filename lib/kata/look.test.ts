// SPDX-License-Identifier: GPL-2.0-only
import { parseSchedule, turnsOf } from '../explore';
import { NBD_DEADLOCK, NBD_NULL, RBD_RACE, STALE, WAYS } from '../report/testing/scenarios';
import { type Look, look } from './look';
import type { Scenario } from '../scenario/scenario';

const at = (scenario: Scenario | undefined, schedule: string): Look =>
  look(scenario ?? RBD_RACE, turnsOf(parseSchedule(schedule)), {});

it('shows where every task is', () => {
  expect(at(RBD_RACE, 'A2 B2').tasks).toEqual([
    {
      id: 1,
      letter: 'A',
      comm: 'rbd-put',
      context: 'process',
      state: 'waits',
      waitsFor: ['B'],
      next: 'spin_lock(node_lock)',
      choices: [],
      at: { file: 'rbd.ts', line: 17, within: 'rbd_client_release' },
      holds: [],
    },
    expect.objectContaining({
      letter: 'B',
      state: 'ready',
      next: 'refcount_inc(rbd_client#1.kref)',
      at: { file: 'rbd.ts', line: 35, within: 'rbd_get_client' },
      holds: ['node_lock'],
    }),
  ]);
});

it.each([
  ['rcu', 'A2 B2', 'B', ['A']],
  ['join', 'A2', 'A', ['B']],
  ['completion', 'B1', 'B', []],
])('knows which task another waits for: %s', (way, schedule, path, waitsFor) => {
  const task = at(WAYS[way], schedule).tasks.find((one) => one.letter === path);
  expect(task).toMatchObject({ state: 'waits', waitsFor });
});

it('shows two tasks that wait for each other', () => {
  const { tasks, over, headline } = at(NBD_DEADLOCK, 'A4 B2');
  expect(tasks.map(({ letter, waitsFor }) => [letter, waitsFor])).toEqual([
    ['A', ['B']],
    ['B', ['A']],
  ]);
  expect(over).toBe(true);
  expect(headline).toMatch(/^INFO: task nbd-put:101 blocked/);
});

it('shows the outcomes of a choice, and the result', () => {
  expect(at(NBD_NULL, 'A1').tasks[0]?.choices).toEqual([
    { outcome: 0, text: 'succeeds' },
    { outcome: 1, text: 'fails' },
  ]);
  const { log, headline } = at(NBD_NULL, 'A1 A!1');
  expect(log.map(({ text }) => text)).toContain('kzalloc(stats) fails');
  expect(headline).toBe('BUG: kernel NULL pointer dereference in nbd_null');
});

it('says whose store a marked load would read, and what a store comes before', () => {
  const choices = (schedule: string): string[] | undefined =>
    at(STALE, schedule).tasks[1]?.choices.map(({ text }) => text);
  expect(choices('A2 B1')).toEqual([
    'reads the newest 1 (stored by A in step 2)',
    'reads the older 0 (the initial value)',
  ]);
  expect(choices('A3 B1')).toEqual([
    'reads the newest 2 (stored by A in step 3)',
    'reads the older 1 (stored by A in step 2)',
    'reads the older 0 (the initial value)',
  ]);
  expect(choices('A3 B1 B!2')).toEqual([
    'stores last',
    'stores before the newest store, which overwrites it',
    'stores before the newest 2 stores, which overwrite it',
  ]);
  expect(choices('A3 B2')).toEqual([]);
});

it('continues after a finding, and knows the effort up to it', () => {
  const found = at(RBD_RACE, 'A2 B3');
  const later = at(RBD_RACE, 'A2 B4 A1');
  expect(found).toMatchObject({ steps: 5, failing: { steps: 5, schedule: 'A2 B3' } });
  expect(later).toMatchObject({ steps: 7, failing: { schedule: expect.any(String) as string } });
  expect(later.failing?.steps).toBeLessThan(7);
  expect(later.log.at(-1)).toMatchObject({ step: 7, letter: 'A' });
});

it('counts preemptions only where a task could have continued', () => {
  expect(at(RBD_RACE, 'A2 B4')).toMatchObject({ preemptions: 1, contextSwitches: 1 });
  expect(at(NBD_DEADLOCK, 'A4 B2')).toMatchObject({ preemptions: 1, contextSwitches: 1 });
  expect(at(WAYS['completion'], 'B1 A2')).toMatchObject({ preemptions: 0, contextSwitches: 1 });
});

it('shows what memory and the statics that were touched hold', () => {
  const { memory, statics } = at(RBD_RACE, 'A1 B2');
  expect(memory).toMatchObject([{ object: 'rbd_client#1', contents: ['id = 0'] }]);
  expect(statics).toEqual([
    'rbd_client_list = [rbd_client#1.node]',
    'rbd_dev.value = rbd_client#1',
  ]);
  // Behind list_del() nobody is on the list any more.
  expect(at(RBD_RACE, 'A4').statics).toContain('rbd_client_list = empty');
});
