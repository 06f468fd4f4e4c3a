// SPDX-License-Identifier: GPL-2.0-only
/** Loops without cpu_relax() that look at an old value again and again: a store is not withheld from them for ever. */
import * as k from '../kernel';
import { Machine, type Op } from '../machine';
import { dpor } from './dpor';

const open = k.static_var('open', 0);
const flag = k.static_var('flag', 0);
const count = k.DEFINE_ATOMIC('count', 1);

/** Looks an object up and takes a reference, as fget() does: it looks again if the last reference has just gone. */
function* get(): Op<number> {
  let rounds = 0;
  while ((yield* k.READ_ONCE(open, 'value')) === 1) {
    rounds++;
    if (yield* k.atomic_inc_not_zero(count)) break;
  }
  return rounds;
}

function* close(): Op<void> {
  yield* k.WRITE_ONCE(open, 'value', 0);
  yield* k.atomic_dec_and_test(count);
}

interface Explored {
  readonly ends: readonly string[];
  /** Executions, and how many were surplus. */
  readonly counts: readonly number[];
  readonly complete: boolean;
}

function explore(reader: () => Op<number>, writer: () => Op<void>): Explored {
  const ends = new Set<string>();
  let result = 0;
  const boot = (machine: Machine): void => {
    machine.runNow(k.WRITE_ONCE(open, 'value', 1));
    machine.runNow(k.atomic_set(count, 1));
    machine.spawn('reader', function* () {
      result = yield* reader();
    });
    machine.spawn('writer', writer);
  };
  const machine = new Machine({ boot }, { reorders: 'always' });
  const { complete, executions, surplus } = dpor(machine, () => {
    ends.add(`${result}`);
    return false;
  });
  return { ends: [...ends].sort(), counts: [executions, surplus], complete };
}

// The reference is taken in time; the object is closed; or it is found open and gone, once or twice.
it('goes round twice with an old value, and then sees the new one', () => {
  expect(explore(get, close)).toEqual({
    ends: ['0', '1', '2'],
    counts: [4, 0],
    complete: true,
  });
});

it('reads an old value twice, for that is not a loop yet', () => {
  function* write(): Op<void> {
    yield* k.WRITE_ONCE(open, 'value', 0);
    yield* k.WRITE_ONCE(flag, 'value', 1);
  }
  function* readTwice(): Op<number> {
    if ((yield* k.READ_ONCE(flag, 'value')) === 0) return 0;
    return (yield* k.READ_ONCE(open, 'value')) + (yield* k.READ_ONCE(open, 'value'));
  }
  const { ends, complete } = explore(readTwice, write);
  expect({ ends, complete }).toEqual({ ends: ['0', '1', '2'], complete: true });
});
