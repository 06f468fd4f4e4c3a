// SPDX-License-Identifier: GPL-2.0-only
import { type Figures, render } from './table';

const figures: Figures = {
  node: 'v20.0.0',
  paper: [
    {
      program: 'lastzero(5)',
      executions: 64,
      complete: true,
      sketchRate: 20_000,
      offRate: 30_000.4,
      onRate: 15_000,
      dfsRate: 40_000,
      offRatio: 1.5,
      onRatio: 0.75,
      dfsExecutions: 10_000,
      dfsComplete: false,
    },
  ],
  katas: [
    {
      kata: '01-rbd-put-client',
      driver: 'port',
      scenario: 'put-vs-get',
      status: 'fail',
      judgedMs: 12.3,
      dpor: { executions: 2, rate: 900, complete: false, failureMs: 1.25 },
      dfs: { executions: 2000, rate: 1200, complete: false, failureMs: null },
    },
  ],
  promises: [
    {
      program: 'lost update',
      runs: [3, null],
      runsMax: 10_000,
      drawn: 100,
      distinct: 5,
      interleavings: 6,
    },
  ],
};

it('renders what was measured', () => {
  expect(render(figures)).toMatchInlineSnapshot(`
    "node v20.0.0; rates are executions per second; ratios are to the yardstick, measured in turns

    program      traces  yardstick    dpor  ratio  all on  ratio      dfs  dfs rate
    lastzero(5)      64     20 000  30 000   1.50  15 000   0.75  >10 000    40 000

    scenario       driver  verdict  ms  dpor  rate   fails     dfs   rate  fails
    01 put-vs-get    port     fail  12     2   900  1.3 ms  >2 000  1 200      -

    fc.scheduler  runs to the bug  schedules in  runs  of all
    lost update          3 >10000             5   100       6

    fc.scheduler draws schedules at random: it repeats some, cannot know that none is left, and proves nothing.
    "
  `);
});
