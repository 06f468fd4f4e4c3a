// SPDX-License-Identifier: GPL-2.0-only
import { atomic_inc, atomic_read, cpu_relax, DEFINE_ATOMIC } from '../kernel';
import { dpor } from '../explore/dpor';
import { fairEnding } from '../explore/endless';
import { turnsIn } from '../explore/witness';
import { Machine, type Op, type Program } from '../machine';
import { hungTask } from './hung-task';
import { softLockup } from './soft-lockup';

const count = DEFINE_ATOMIC('count', 0);
const telling = { frames: () => [], where: () => '?', stack: () => [] };

type Body = () => Op<unknown>;

/** The headlines of the findings if the tasks run one after another, and of the one when a cut-off execution continues fairly. */
function heard(...bodies: Body[]): { found: string[]; fairly: string | null } {
  const program: Program = {
    boot(machine) {
      bodies.forEach((body, i) => machine.spawn(`task-${i}`, body));
    },
  };
  const machine = new Machine(program, {
    monitors: [hungTask(), softLockup()],
    stepsMax: 100,
  });
  const found = new Set<string>();
  let fairly: string | null = null;
  dpor(machine, (execution) => {
    for (const finding of machine.findings) found.add(finding.headline(telling));
    if (machine.cut) fairly = fairEnding(machine, turnsIn(execution))?.finding.kind ?? null;
    return true;
  });
  return { found: [...found], fairly };
}

const stuck = 'watchdog: BUG: soft lockup - CPU#1 stuck in ?! [task-0:101]';

function* forEver(): Op<void> {
  for (;;) yield* atomic_inc(count);
}

function* tryAgain(): Op<void> {
  while ((yield* atomic_read(count)) === 0);
}

it('reports a task that runs for ever when nothing else can run', () => {
  expect(heard(forEver)).toMatchObject({ found: [stuck] });
});

it('does not report a loop that ends', () => {
  const body = function* (): Op<void> {
    for (let i = 0; i < 20; i++) yield* atomic_inc(count);
  };
  expect(heard(body)).toEqual({ found: [], fairly: null });
});

it('reports nothing while another task can run, and reports the loop after those have run', () => {
  expect(heard(forEver, () => atomic_inc(count))).toEqual({ found: [], fairly: 'soft-lockup' });
});

it('does not report a loop that another task can end', () => {
  expect(heard(tryAgain, () => atomic_inc(count))).toEqual({ found: [], fairly: null });
});

it('leaves waiting tasks to the hung task watchdog', () => {
  const body = function* (): Op<void> {
    while ((yield* atomic_read(count)) === 0) yield* cpu_relax();
  };
  expect(heard(body)).toEqual({ found: [stuck], fairly: null });
});
