// SPDX-License-Identifier: GPL-2.0-only
/**
 * Small programs with a known bug for the strategies to find: the race of rbd_put_client(), the lost update, and two of
 * SCTBench (Thomson, Donaldson, Betts, PPoPP 2014) that need opposite kinds of luck. `bug()` reports the bug as a
 * finding.
 */
import * as k from '../../kernel';
import { current, Gravity, type Op, type Program, struct, type StructOf } from '../../machine';
import { programOf } from './paper';

/** n tasks add one to a variable that only they touch, reading and writing it in separate steps. */
export function lostUpdate(n: number): Program {
  const add = function* (): Op<void> {
    yield* k.WRITE_ONCE(tally, 'value', (yield* k.READ_ONCE(tally, 'value')) + 1);
  };
  return {
    ...programOf(Array.from({ length: n }, () => add)),
    finish: () => {
      if (tally.value !== n) bug('lost update');
    },
  };
}

/** reorder_bad: setters write a = 1, b = -1, and a checker must not see one without the other. */
export function reorder(setters: number): Program {
  const set = function* (): Op<void> {
    yield* k.WRITE_ONCE(pair, 'value', 1);
    yield* k.WRITE_ONCE(other, 'value', -1);
  };
  const check = function* (): Op<void> {
    const a = yield* k.READ_ONCE(pair, 'value');
    const b = yield* k.READ_ONCE(other, 'value');
    if (a + b !== 0) bug('reorder');
  };
  return programOf([...Array.from({ length: setters }, () => set), check]);
}

/**
 * twostage_bad: a writer changes one datum under one lock and then another under a second lock. A reader sees only the
 * first change if the writer is held back while the reader takes all the steps between its two reads.
 */
export function twostage(between: number): Program {
  const write = function* (): Op<void> {
    yield* locked(firstLock, () => k.WRITE_ONCE(pair, 'value', 1));
    yield* locked(secondLock, function* () {
      yield* k.WRITE_ONCE(other, 'value', (yield* k.READ_ONCE(pair, 'value')) + 1);
    });
  };
  const read = function* (): Op<void> {
    const first = yield* locked(firstLock, () => k.READ_ONCE(pair, 'value'));
    if (first === 0) return;
    for (let i = 0; i < between; i++) yield* k.READ_ONCE(tally, 'value');
    const second = yield* locked(secondLock, () => k.READ_ONCE(other, 'value'));
    if (second !== first + 1) bug('twostage');
  };
  return programOf([write, read]);
}

function* locked<T>(lock: k.mutex, act: () => Op<T>): Op<T> {
  yield* k.mutex_lock(lock);
  const result = yield* act();
  yield* k.mutex_unlock(lock);
  return result;
}

/**
 * drivers/block/rbd.c reduced to its reference count: one task puts the only client while others find it, use it and put
 * it. In the fixed version the count is dropped under the lock of the lookup; in the original a lookup could come in
 * between.
 */
export function rbd(gets: number, { fixed }: { readonly fixed: boolean }): Program {
  const put = fixed ? putLocked : putUnlocked;
  const getAndPut = function* (): Op<void> {
    const found = yield* find();
    if (found !== null) yield* put(found);
  };
  return {
    boot(machine) {
      const first = machine.runNow(create());
      machine.spawn('put', () => put(first));
      for (let i = 1; i <= gets; i++) machine.spawn(`get${i}`, getAndPut);
    },
  };
}

const rbd_client = struct('rbd_client', { kref: k.kref, node: k.list_head });
type rbd_client = StructOf<typeof rbd_client>;

function* create(): Op<rbd_client> {
  const rbdc = yield* k.kzalloc(rbd_client, k.GFP_KERNEL);
  if (rbdc === null) throw new Error('races: no memory');
  yield* k.kref_init(rbdc.kref);
  k.list_add_tail(rbdc.node, clients);
  return rbdc;
}

function* find(): Op<rbd_client | null> {
  yield* k.spin_lock(nodeLock);
  const rbdc = k.list_empty(clients) ? null : k.list_first_entry(clients, rbd_client, 'node');
  if (rbdc !== null) {
    if ((yield* k.kref_read(rbdc.kref)) === 0) bug('rbd: found a client that is being freed');
    yield* k.kref_get(rbdc.kref);
  }
  yield* k.spin_unlock(nodeLock);
  return rbdc;
}

function* putLocked(rbdc: rbd_client): Op<void> {
  yield* k.spin_lock(nodeLock);
  yield* k.kref_put(rbdc.kref, function* () {
    k.list_del(rbdc.node);
    yield* k.kfree(rbdc);
  });
  yield* k.spin_unlock(nodeLock);
}

function* putUnlocked(rbdc: rbd_client): Op<void> {
  yield* k.kref_put(rbdc.kref, function* () {
    yield* k.spin_lock(nodeLock);
    k.list_del(rbdc.node);
    yield* k.spin_unlock(nodeLock);
    yield* k.kfree(rbdc);
  });
}

/** Reports the bug as a finding of its own, so that the programs need no detectors. */
function bug(kind: string): void {
  const { machine } = current;
  const { task, steps: step } = machine;
  machine.report({
    kind,
    gravity: Gravity.Expectation,
    task,
    step,
    headline: () => kind,
    body: () => [],
  });
}

const tally = k.static_var('tally', 0);
const pair = k.static_var('a', 0);
const other = k.static_var('b', 0);
const firstLock = k.DEFINE_MUTEX('first_lock');
const secondLock = k.DEFINE_MUTEX('second_lock');
const nodeLock = k.DEFINE_SPINLOCK('node_lock');
const clients = k.LIST_HEAD('rbd_client_list');
