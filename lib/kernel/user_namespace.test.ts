// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct } from '../machine';
import { inumsInUse, ns_alloc_inum, ns_common, ns_free_inum } from './proc_ns';
import { GFP_KERNEL, kzalloc } from './slab';
import {
  countsOf,
  dec_ucount,
  DEFINE_USER_NAMESPACE,
  get_user_ns,
  inc_ucount,
  put_user_ns,
  UCOUNT_IPC_NAMESPACES,
} from './user_namespace';

const user_ns = DEFINE_USER_NAMESPACE('test_user_ns', 1);
const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };

describe('inc_ucount()', () => {
  it('gives one of two the last place, and the other after it has been given back', () => {
    const counted = new Set<string>();
    const task = (again: boolean) =>
      function* (): Op<void> {
        const counts = yield* inc_ucount(user_ns, 0, UCOUNT_IPC_NAMESPACES);
        counted.add(counts === null ? 'none left' : 'counted');
        if (counts !== null && again) yield* dec_ucount(counts, UCOUNT_IPC_NAMESPACES);
      };
    const left = new Set<number>();
    function* check(): Op<void> {
      left.add((yield* countsOf(user_ns)).ipc);
    }
    expect(agree({ tasks: { a: task(false), b: task(false) }, check })).toMatchObject(fine);
    expect([...left]).toEqual([1]);
    expect([...counted].sort()).toEqual(['counted', 'none left']);
    expect(agree({ tasks: { a: task(true), b: task(true) }, check })).toMatchObject(fine);
    expect([...left].sort()).toEqual([0, 1]);
  });

  it('reports what is given back twice', () => {
    const seen = agree({
      tasks: {
        *a() {
          const counts = yield* inc_ucount(user_ns, 0, UCOUNT_IPC_NAMESPACES);
          if (counts === null) return;
          for (let i = 0; i < 2; i++) yield* dec_ucount(counts, UCOUNT_IPC_NAMESPACES);
        },
      },
    });
    expect(seen.complaints).toEqual(['warn: WARN_ON_ONCE(dec < 0) in dec_ucount']);
  });
});

describe('get_user_ns()', () => {
  it('is undone by put_user_ns(), which reports one too many', () => {
    const program = (puts: number) =>
      agree({
        tasks: {
          *a() {
            yield* get_user_ns(user_ns);
            for (let i = 0; i < puts; i++) yield* put_user_ns(user_ns);
          },
        },
      }).complaints;
    expect(program(1)).toEqual([]);
    expect(program(2)).toEqual(['warn: put_user_ns: a reference too many was dropped']);
  });
});

const item = struct('item', { ns: ns_common });

describe('ns_alloc_inum()', () => {
  const program = (frees: number, failures = {}) => {
    const left = new Set<number>();
    const { complaints } = agree({
      failures,
      *setup() {
        return yield* kzalloc(item, GFP_KERNEL);
      },
      tasks: {
        *a(it) {
          if (it === null || (yield* ns_alloc_inum(it.ns)) !== 0) return;
          for (let i = 0; i < frees; i++) yield* ns_free_inum(it.ns);
        },
      },
      *check() {
        left.add(inumsInUse());
      },
    });
    return { left: [...left].sort(), complaints };
  };

  it('gives a number that is in use until it is freed, once', () => {
    expect(program(0)).toEqual({ left: [1], complaints: [] });
    expect(program(1)).toEqual({ left: [0], complaints: [] });
    const complaints = ['idr: ida_free called for an id which is not allocated.'];
    expect(program(2)).toEqual({ left: [0], complaints });
  });

  it('may fail', () => {
    expect(program(0, { ns_alloc_inum: 1 })).toEqual({ left: [0, 1], complaints: [] });
  });
});
