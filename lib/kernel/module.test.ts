// SPDX-License-Identifier: GPL-2.0-only
import { agree } from '../explore/testing/small-program';
import { type Op, struct, type StructOf } from '../machine';
import { EWOULDBLOCK } from './err';
import {
  mempool_alloc,
  mempool_create_slab_pool,
  mempool_destroy,
  mempool_free,
  type mempool_t,
} from './mempool';
import {
  __module_get,
  DEFINE_MODULE,
  delete_module,
  inModuleText,
  module_put,
  module_refcount,
  module_text,
  try_module_get,
} from './module';
import { GFP_ATOMIC, GFP_KERNEL } from './slab';
import { int } from './types';

const THIS_MODULE = DEFINE_MODULE('dm_mod');
const io = struct('io', { value: int });
interface io extends StructOf<typeof io> {}
const fine = { surplus: 0, blocked: 0, hung: 0, complaints: [], findings: [] };
const results: string[] = [];

beforeEach(() => (results.length = 0));

function* nothing(): Op<void> {}

describe('modules', () => {
  it('stay while they are referenced', () => {
    const seen = agree({
      tasks: {
        *a() {
          if (!(yield* try_module_get(THIS_MODULE))) return;
          yield* module_text(THIS_MODULE);
          yield* module_put(THIS_MODULE);
        },
        *b() {
          results.push(String(yield* delete_module(THIS_MODULE, nothing)));
        },
      },
    });
    expect(seen).toMatchObject(fine);
    expect(new Set(results)).toEqual(new Set(['0', String(-EWOULDBLOCK)]));
  });

  it('fault when their code runs after they have gone', () => {
    const seen = agree({
      tasks: {
        *a() {
          yield* delete_module(THIS_MODULE, nothing);
          results.push(String(yield* delete_module(THIS_MODULE, nothing)));
          results.push(String(yield* try_module_get(THIS_MODULE)));
          results.push(String(yield* try_module_get(null)));
          yield* module_text(THIS_MODULE);
        },
      },
    });
    expect(seen.complaints).toEqual([
      'module: BUG: unable to handle page fault in the text of dm_mod',
    ]);
    expect(results.slice(0, 3)).toEqual(['-2', 'false', 'true']);
  });

  it('fault at the next step of what was called in their text', () => {
    const seen = agree({
      tasks: {
        a: () =>
          inModuleText(THIS_MODULE, function* () {
            yield* module_refcount(THIS_MODULE);
            return 1;
          }),
        b: () => delete_module(THIS_MODULE, nothing),
      },
    });
    expect(seen.complaints).toEqual([
      'module: BUG: unable to handle page fault in the text of dm_mod',
    ]);
  });

  it('do not fault while the caller has a reference', () => {
    const seen = agree({
      tasks: {
        *a() {
          if (!(yield* try_module_get(THIS_MODULE))) return;
          yield* inModuleText(THIS_MODULE, () => module_refcount(THIS_MODULE));
          yield* module_put(THIS_MODULE);
        },
        b: () => delete_module(THIS_MODULE, nothing),
      },
    });
    expect(seen).toMatchObject(fine);
  });

  it('check their counts', () => {
    const complaints = (body: () => Op<unknown>) => agree({ tasks: { a: body } }).complaints;
    expect(complaints(() => __module_get(THIS_MODULE))).toEqual([
      'bug: BUG_ON(module_refcount(module) == 0)',
    ]);
    expect(complaints(() => module_put(THIS_MODULE))).toEqual([
      'module: module_put(): refcount of dm_mod below 0',
    ]);
    const balanced = function* (): Op<void> {
      yield* try_module_get(THIS_MODULE);
      yield* __module_get(THIS_MODULE);
      results.push(String(yield* module_refcount(THIS_MODULE)));
      yield* module_put(THIS_MODULE);
      yield* module_put(THIS_MODULE);
    };
    expect(complaints(balanced)).toEqual([]);
    expect(new Set(results)).toEqual(new Set(['2']));
  });
});

describe('mempool', () => {
  const pool = (
    failures: number,
    body: (pool: mempool_t<io>, name: string) => Op<unknown>,
    ...names: string[]
  ) =>
    agree({
      failures: { mempool_alloc: failures },
      setup: () => mempool_create_slab_pool(1, io),
      tasks: Object.fromEntries(
        names.map((name) => [
          name,
          function* (made: mempool_t<io> | null): Op<void> {
            if (made !== null) yield* body(made, name);
          },
        ]),
      ),
    });

  it('gives ordinary memory, else the reserve, and waits for that', () => {
    const body = function* (made: mempool_t<io>): Op<void> {
      const element = yield* mempool_alloc(made, GFP_KERNEL);
      if (element === null) results.push('none');
      else yield* mempool_free(element, made);
    };
    expect(pool(1, body, 'a', 'b')).toMatchObject(fine);
    expect(results).toEqual([]);
  });

  it('fails only where it must not sleep', () => {
    const seen = pool(
      2,
      function* (made) {
        const first = yield* mempool_alloc(made, GFP_ATOMIC);
        const second = yield* mempool_alloc(made, GFP_ATOMIC);
        results.push(`${first === null ? 'none' : 'some'} ${second === null ? 'none' : 'some'}`);
      },
      'a',
    );
    expect(seen).toMatchObject({ ...fine, executions: 4 });
    expect(new Set(results)).toEqual(new Set(['some some', 'some none']));
  });

  it('must be whole when it is destroyed', () => {
    const destroy = (giveBack: boolean) =>
      pool(
        1,
        function* (made) {
          const element = yield* mempool_alloc(made, GFP_KERNEL);
          if (giveBack && element !== null) yield* mempool_free(element, made);
          yield* mempool_destroy(made);
        },
        'a',
      ).complaints;
    expect(destroy(true)).toEqual([]);
    expect(destroy(false)).toEqual(['bug: BUG_ON(pool->curr_nr != pool->min_nr)']);
  });
});
