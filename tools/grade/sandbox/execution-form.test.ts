// SPDX-License-Identifier: GPL-2.0-only
/** What is let in as an execution: what the library makes, and nothing that differs from it in form. */
import type { Execution } from '../../../lib/report';
import { NBD_DEADLOCK, RBD_RACE, WAYS } from '../../../lib/report/testing/scenarios';
import { told } from '../testing/executions';
import { executionIn } from './execution-form';

/** As it comes: through JSON. */
function sent(execution: object): unknown {
  return JSON.parse(JSON.stringify(execution));
}

it.each([
  ['a race', told()],
  ['a deadlock', told(NBD_DEADLOCK, '')],
  ['one that passes', told(RBD_RACE, '')],
  ...Object.entries(WAYS).map(([name, scenario]): [string, Execution] => [
    name,
    told(scenario, ''),
  ]),
])('lets in what the library makes: %s', (_name, execution) => {
  expect(executionIn(sent(execution))).toEqual(execution);
});

const race = told();
const [step, ...rest] = race.steps;
const [row] = race.rows;

it.each<[string, unknown]>([
  ['nothing', null],
  ['a list', []],
  ['a text', 'execution'],
  ['steps without a list', { ...race, steps: { length: 3 } }],
  ['another schema', { ...race, schema: 'kata-execution/v2' }],
  ['one field more', { ...race, onload: 'alert(1)' }],
  ['one field more, deep inside', { ...race, rows: [{ ...row, html: '<b>' }] }],
  ['one field less', { ...race, edges: undefined }],
  ['an inherited name', { ...race, toString: 'x' }],
  ['a number for a text', { ...race, steps: [{ ...step, text: 7 }, ...rest] }],
  ['an object for a text', { ...race, title: { length: 1 } }],
  ['a lane of another kind', { ...race, rows: [{ ...row, kind: 'script' }] }],
  ['a step that there is not', { ...race, rows: [{ ...row, step: race.steps.length + 2 }] }],
  ['half a step', { ...race, rows: [{ ...row, step: 0.5 }] }],
  ['a step before the first', { ...race, bands: [{ ...race.bands[0], from: -1 }] }],
  ['too many CPUs', { ...race, tasks: [{ ...race.tasks[0], cpu: 1e9 }] }],
  ['a standing missing', { ...race, standings: race.standings.slice(1) }],
])('lets nothing else in: %s', (_what, value) => {
  expect(executionIn(value === null ? null : sent(value as object))).toBeNull();
});

it('makes texts plain, and cuts them', () => {
  const odd = { ...race, title: '\u001b[31m\u202e\n</script>', schedule: 'A'.repeat(5000) };
  const { title, schedule } = executionIn(sent(odd)) ?? race;
  expect(title).toBe('?[31m??</script>');
  expect(schedule).toHaveLength(1000);
});
