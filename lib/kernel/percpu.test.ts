// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { current, type Op } from '../machine';
import {
  alloc_percpu,
  for_each_possible_cpu,
  free_percpu,
  per_cpu,
  type percpu_int,
  this_cpu_add,
} from './percpu';

const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };

function* counters(first: number): Op<percpu_int> {
  const made = yield* alloc_percpu();
  if (made === null) throw new Error('no memory');
  yield* this_cpu_add(made, first);
  return made;
}

function* sum(pcp: percpu_int): Op<number> {
  let all = 0;
  for (const cpu of for_each_possible_cpu()) all += yield* per_cpu(pcp, cpu);
  return all;
}

describe('per-CPU integers', () => {
  it('lose no addition, and additions on two CPUs do not depend on each other', () => {
    const sums = new Set<number>();
    const seen = agree({
      setup: () => counters(1),
      tasks: { a: (pcp) => this_cpu_add(pcp, 2), b: (pcp) => this_cpu_add(pcp, -1) },
      *check(pcp) {
        sums.add(yield* sum(pcp));
      },
    });
    expect(seen).toMatchObject({ ...fine, executions: 1 });
    expect([...sums]).toEqual([2]);
  });

  it('give a torn sum: a decrement is seen whose increment is not', () => {
    const sums = new Set<number>();
    const seen = agree({
      setup: () => counters(1),
      tasks: {
        a: (pcp) => this_cpu_add(pcp, 1),
        *c(pcp) {
          sums.add(yield* sum(pcp));
        },
        d: (pcp) => this_cpu_add(pcp, -1),
      },
    });
    expect(seen).toMatchObject(fine);
    expect([...sums].sort()).toEqual([0, 1, 2]);
  });

  it('are memory that can fail to come and is given back', () => {
    const left: number[] = [];
    agree({
      failures: { alloc_percpu: 1 },
      tasks: {
        *a() {
          const pcp = yield* alloc_percpu();
          if (pcp === null) left.push(-1);
          yield* free_percpu(pcp);
        },
      },
      *check() {
        left.push(current.machine.allocations.filter(({ freed }) => !freed).length);
      },
    });
    expect(new Set(left)).toEqual(new Set([0, -1]));
  });
});
