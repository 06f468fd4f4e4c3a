// SPDX-License-Identifier: GPL-2.0-only
/** Loops that give up: with patience, dpor reaches every ending that a search of all schedules reaches. */
import {
  cpu_relax,
  READ_ONCE,
  smp_load_acquire,
  smp_store_release,
  static_var,
  WRITE_ONCE,
} from '../kernel';
import { Machine, type Op } from '../machine';
import { dfs } from './dfs';
import { dpor } from './dpor';
import type { Explorer } from './explorer';
import { random } from './random';
import { replay } from './replay';
import { scheduleWithStarts, type Turns, turnsIn } from './witness';
import { formatSchedule } from './schedule';

const x = static_var('x', 0);
const y = static_var('y', 0);

/** Polls so often, and says in which turn it saw something, and what. */
function* polls(times: number, log: (text: string) => void): Op<void> {
  for (let turn = 0; turn < times; turn++) {
    const seen = yield* READ_ONCE(x, 'value');
    if (seen !== 0) {
      log(`saw ${seen}`);
      return;
    }
    yield* cpu_relax();
  }
  log(`gave up at ${yield* READ_ONCE(y, 'value')}`);
  yield* WRITE_ONCE(x, 'value', 9);
}

function* answers(): Op<void> {
  yield* WRITE_ONCE(y, 'value', 1);
  if ((yield* READ_ONCE(x, 'value')) === 0) yield* WRITE_ONCE(x, 'value', 1);
}

function* passesOn(log: (text: string) => void): Op<void> {
  for (let turn = 0; turn < 2; turn++) {
    if ((yield* smp_load_acquire(y, 'value')) !== 0) yield* smp_store_release(x, 'value', 2);
    else yield* cpu_relax();
  }
  log(`x is ${yield* READ_ONCE(x, 'value')}`);
}

const programs: Readonly<
  Record<string, (log: (who: string) => (text: string) => void) => Program>
> = {
  'one that polls, one that answers': (log) => [() => polls(2, log('A')), answers],
  'two that poll': (log) => [() => polls(2, log('A')), () => polls(1, log('B')), answers],
  'one that polls for what another passes on': (log) => [
    () => polls(2, log('A')),
    () => passesOn(log('B')),
    answers,
  ],
};
type Program = readonly (() => Op<void>)[];

function endings(explorer: Explorer, make: (typeof programs)[string], patience: number): string[] {
  const found = new Map<string, Turns>();
  let said: string[] = [];
  const machine = new Machine({
    boot(own) {
      said = [];
      const log = (who: string) => (text: string) => void said.push(`${who} ${text}`);
      for (const [i, body] of make(log).entries()) own.spawn(`t${i}`, body);
    },
  });
  const ending = (hangs: boolean): string => `${said.sort().join(', ')}${hangs ? ' hangs' : ''}`;
  machine.patience = patience;
  explorer(machine, (execution) => {
    const hangs = machine.tasks.some((task) => task?.done === false);
    const reached = ending(hangs);
    if (!found.has(reached)) found.set(reached, turnsIn(execution));
    return false;
  });
  // A schedule asks for what it needs, also where nobody is so patient.
  const impatient = new Machine(machine.program);
  for (const [reached, turns] of found) {
    const { waiting } = replay(impatient, formatSchedule(scheduleWithStarts(machine, turns)));
    expect(ending(waiting.length > 0)).toBe(reached);
  }
  return [...found.keys()].sort();
}

describe.each(Object.entries(programs))('%s', (_name, make) => {
  it.each([0, 2])('with a patience of %d', (patience) => {
    const all = endings(dfs, make, patience);
    expect(endings(dpor, make, patience)).toEqual(all);
    const some = endings(
      (machine, visit) => random(machine, visit, { executionsMax: 300 }),
      make,
      patience,
    );
    expect(all).toEqual(expect.arrayContaining(some));
    if (patience === 2) expect(all.filter((reached) => reached.includes('hangs'))).toEqual([]);
  });
});
