// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { dpor } from '../explore';
import { Machine, type Op, struct } from '../machine';
import { allMonitors } from '../sanitize';
import {
  data_race,
  DEFINE_SEQLOCK,
  read_seqbegin,
  read_seqretry,
  seqcount_t,
  write_seqcount_begin,
  write_seqcount_end,
  write_seqlock,
  write_sequnlock,
} from './seqlock';
import { DEFINE_STATIC, static_var } from './static-var';
import { int } from './types';
import { smp_mb } from './barrier';

const clock = struct('clock', { seq: seqcount_t, seconds: int, nanoseconds: int });
const now = DEFINE_STATIC('now', clock);
const lock = DEFINE_SEQLOCK('lock');
const plain = static_var('plain', 0);

function* write(): Op<void> {
  yield* write_seqlock(lock);
  now.seconds++;
  yield* smp_mb();
  now.nanoseconds++;
  yield* write_sequnlock(lock);
}

/** What a reader sees, with or without a look at the end whether it must read again. */
function readings(retries: boolean): string[] {
  const seen = new Set<string>();
  agree({
    tasks: {
      *a() {
        for (;;) {
          const start = yield* read_seqbegin(lock);
          const { seconds } = now;
          yield* smp_mb();
          const found = `${seconds} ${now.nanoseconds}`;
          const again = yield* read_seqretry(lock, start);
          if (again && retries) continue;
          seen.add(found);
          return;
        }
      },
      b: write,
    },
  });
  return [...seen].sort();
}

it('a reader that reads again never sees half a change; one that does not, does', () => {
  expect(readings(true)).toEqual(['0 0', '1 1']);
  expect(readings(false)).toEqual(['0 0', '0 1', '1 1']);
});

/** The kinds of what all detectors find. */
function found(a: () => Op<unknown>, b: () => Op<unknown>): string[] {
  const kinds = new Set<string>();
  const boot = (machine: Machine): void => {
    machine.spawn('a', a);
    machine.spawn('b', b);
  };
  dpor(new Machine({ boot }, { monitors: allMonitors() }), ({ machine }) => {
    for (const { kind } of machine.findings) kinds.add(kind);
    return false;
  });
  return [...kinds];
}

it('plain accesses race outside of the sections, and not inside', () => {
  const reading = (inside: boolean) =>
    function* (): Op<void> {
      for (;;) {
        const start = yield* read_seqbegin(lock);
        if (inside && now.seconds > 1) return;
        if (!(yield* read_seqretry(lock, start))) break;
      }
      if (!inside && now.seconds > 1) return;
    };
  expect(found(reading(true), write)).toEqual([]);
  expect(found(reading(false), write)).toEqual(['data-race']);
});

it('two writers without a lock lose count, which a detector sees', () => {
  const change = function* (): Op<void> {
    yield* write_seqcount_begin(now.seq);
    yield* write_seqcount_end(now.seq);
  };
  const seen = new Set<number>();
  agree({
    tasks: { a: change, b: change },
    *check() {
      seen.add(now.seq.sequence);
    },
  });
  expect(seen.size).toBeGreaterThan(1);
});

it('data_race() says that an access may race', () => {
  const set = (mark: boolean) =>
    function* (): Op<void> {
      yield* smp_mb();
      if (mark) data_race(() => (plain.value = 1));
      else plain.value = 1;
    };
  expect(found(set(false), set(false))).toEqual(['data-race']);
  expect(found(set(true), set(true))).toEqual([]);
});
