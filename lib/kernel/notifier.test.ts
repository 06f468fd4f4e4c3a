// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import { agree } from '../explore/testing/small-program';
import type { Op } from '../machine';
import { allMonitors } from '../sanitize';
import { told } from '../sanitize/testing/told';
import { msleep } from './delay';
import {
  ATOMIC_NOTIFIER_HEAD,
  atomic_notifier_call_chain,
  atomic_notifier_chain_register,
  atomic_notifier_chain_unregister,
  BLOCKING_NOTIFIER_HEAD,
  blocking_notifier_call_chain,
  blocking_notifier_chain_register,
  blocking_notifier_chain_unregister,
  NOTIFY_BAD,
  NOTIFY_OK,
  RAW_NOTIFIER_HEAD,
  raw_notifier_call_chain,
  raw_notifier_chain_register,
  raw_notifier_chain_unregister,
} from './notifier';
import { notifier_block, type notifier_fn_t } from './notifier-core';
import {
  percpu_down_read,
  percpu_down_read_trylock,
  percpu_down_write,
  DEFINE_STATIC_PERCPU_RWSEM,
  percpu_free_rwsem,
  percpu_up_read,
  percpu_up_write,
} from './percpu-rwsem';
import { GFP_KERNEL, kfree, kzalloc } from './slab';

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
const atomic = ATOMIC_NOTIFIER_HEAD('atomic');
const blocking = BLOCKING_NOTIFIER_HEAD('blocking');
const raw = RAW_NOTIFIER_HEAD('raw');
const sem = DEFINE_STATIC_PERCPU_RWSEM('sem');
const log: string[] = [];

beforeEach(() => (log.length = 0));

function* made(name: string, priority: number, ret = NOTIFY_OK): Op<notifier_block | null> {
  const nb = yield* kzalloc(notifier_block, GFP_KERNEL);
  if (nb === null) return null;
  nb.notifier_call = function* (_nb, action) {
    log.push(`${name} ${action}`);
    return ret;
  };
  nb.priority = priority;
  return nb;
}

describe('a notifier chain', () => {
  it('calls its functions by priority, and stops where one says so', () => {
    agree({
      tasks: {
        *a() {
          const all = [yield* made('low', 1), yield* made('high', 9), yield* made('last', 1)];
          const bad = yield* made('bad', 5, NOTIFY_BAD);
          for (const nb of all) {
            if (nb !== null) log.push(String(yield* raw_notifier_chain_register(raw, nb)));
          }
          if (bad === null) return;
          log.push(`returns ${yield* raw_notifier_call_chain(raw, 3, null)}`);
          yield* raw_notifier_chain_register(raw, bad);
          log.push(`returns ${yield* raw_notifier_call_chain(raw, 4, null)}`);
          log.push(String(yield* raw_notifier_chain_unregister(raw, bad)));
          log.push(String(yield* raw_notifier_chain_unregister(raw, bad)));
        },
      },
    });
    expect(log.slice(0, 12)).toEqual(
      [
        ['0', '0', '0'],
        ['high 3', 'low 3', 'last 3', 'returns 1'],
        ['high 4', 'bad 4', 'returns 32770'],
        ['0', '-2'],
      ].flat(),
    );
  });

  it('warns of a block that is on it already', () => {
    const seen = agree({
      tasks: {
        *a() {
          const nb = yield* made('twice', 0);
          if (nb === null) return;
          yield* blocking_notifier_chain_register(blocking, nb);
          log.push(String(yield* blocking_notifier_chain_register(blocking, nb)));
        },
      },
    });
    expect(new Set(log)).toEqual(new Set(['-17']));
    expect(seen.complaints).toEqual([
      expect.stringMatching(/^warn: notifier callback .* already registered$/),
    ]);
  });
});

/** What the detectors tell of a call while the block goes. */
function tells(
  call: () => Op<unknown>,
  register: (nb: notifier_block) => Op<unknown>,
  unregister: (nb: notifier_block) => Op<unknown>,
  func: notifier_fn_t = function* () {
    return NOTIFY_OK;
  },
): readonly string[] {
  return told(dpor, allMonitors(), (machine) => {
    machine.spawn('module', function* () {
      const nb = yield* kzalloc(notifier_block, GFP_KERNEL);
      if (nb === null) return;
      nb.notifier_call = func;
      yield* register(nb);
      yield* unregister(nb);
      yield* kfree(nb);
    });
    machine.spawn('call', call);
  }).kinds;
}

describe('notifier chains and the detectors', () => {
  const sleepy: notifier_fn_t = function* () {
    yield* msleep(1);
    return NOTIFY_OK;
  };
  it.each([
    [
      'atomic',
      () => atomic_notifier_call_chain(atomic, 0, null),
      (nb: notifier_block) => atomic_notifier_chain_register(atomic, nb),
      (nb: notifier_block) => atomic_notifier_chain_unregister(atomic, nb),
      ['suspicious-rcu-usage'],
    ],
    [
      'blocking',
      () => blocking_notifier_call_chain(blocking, 0, null),
      (nb: notifier_block) => blocking_notifier_chain_register(blocking, nb),
      (nb: notifier_block) => blocking_notifier_chain_unregister(blocking, nb),
      [],
    ],
  ] as const)(
    '%s: a block may be freed after it is taken off',
    (_name, call, register, unregister, sleeping) => {
      expect(tells(call, register, unregister)).toEqual([]);
      expect(tells(call, register, unregister, sleepy)).toEqual(sleeping);
    },
  );

  it('raw: nothing keeps those that call it from a block that goes', () => {
    const kinds = tells(
      () => raw_notifier_call_chain(raw, 0, null),
      (nb) => raw_notifier_chain_register(raw, nb),
      (nb) => raw_notifier_chain_unregister(raw, nb),
    );
    expect(kinds).toContain('slab-use-after-free');
  });
});

describe('percpu_rw_semaphore', () => {
  it('lets in many readers or one writer', () => {
    const reader = function* (): Op<void> {
      yield* percpu_down_read(sem);
      yield* percpu_up_read(sem);
    };
    const writer = function* (): Op<void> {
      yield* percpu_down_write(sem);
      yield* percpu_up_write(sem);
    };
    expect(agree({ tasks: { a: reader, b: reader } })).toMatchObject({ ...fine, executions: 1 });
    const all = agree({ tasks: { a: reader, b: reader, c: writer } });
    expect(all).toMatchObject({ ...fine, executions: 4 });
  });

  it('is not waited for by a trylock, and is of no use once it is freed', () => {
    const seen = agree({
      tasks: {
        *a() {
          if (!(yield* percpu_down_read_trylock(sem))) return;
          yield* percpu_up_read(sem);
        },
        *b() {
          yield* percpu_down_write(sem);
          yield* percpu_up_write(sem);
        },
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 3 });
    const freed = agree({
      tasks: {
        *a() {
          yield* percpu_free_rwsem(sem);
          yield* percpu_down_read(sem);
        },
      },
    });
    expect(freed.findings.join()).toContain('NULL pointer dereference');
  });
});
