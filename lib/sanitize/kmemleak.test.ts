// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import {
  BUG,
  GFP_KERNEL,
  int,
  kfree,
  kzalloc,
  LIST_HEAD,
  INIT_LIST_HEAD,
  list_add_tail,
  list_del,
  list_head,
  mod_timer,
  ptr,
  static_var,
  timer_list,
  timer_setup,
} from '../kernel';
import { type Op, struct, type StructOf } from '../machine';
import { complaints } from './complaints';
import { kmemleak } from './kmemleak';
import { type Told, told } from './testing/told';

const rbd_options = struct('rbd_options', { max_retries: int });
interface rbd_options extends StructOf<typeof rbd_options> {}
const rbd_client = struct('rbd_client', { opts: ptr<rbd_options>(), node: list_head });
interface rbd_client extends StructOf<typeof rbd_client> {}

const rbd_client_list = LIST_HEAD('rbd_client_list');
const last = static_var<rbd_client | null>('last', null);

function* rbd_client_create(): Op<rbd_client> {
  const rbdc = yield* kzalloc(rbd_client, GFP_KERNEL);
  if (rbdc === null) throw new Error('kzalloc failed');
  INIT_LIST_HEAD(rbdc.node);
  rbdc.opts = yield* kzalloc(rbd_options, GFP_KERNEL);
  return rbdc;
}

function* again(timer: timer_list): Op<void> {
  yield* mod_timer(timer, 1);
}

type Code = (rbdc: rbd_client) => Op<unknown>;

/** A driver that makes a client and uses it, in a scenario with a world, or in a kernel without one. */
function run(code: Code, world: unknown[] | null = [], mayKeep = {}): Told {
  const leaks = world === null ? kmemleak() : kmemleak({ roots: () => world, mayKeep });
  return told(dpor, [complaints(), leaks], (machine) => {
    if (world !== null) world.length = 0;
    machine.spawn('rbd-add', function* rbd_add(): Op<void> {
      yield* code(yield* rbd_client_create());
    });
  });
}

describe('kmemleak', () => {
  it('reports what nobody points to, and what only that points to', () => {
    const found = run(function* forget() {
      // Nothing is kept.
    });
    expect(found.kinds).toEqual(['memory-leak']);
    expect(found.report('memory-leak')).toMatchInlineSnapshot(`
      "kmemleak: 2 new suspected memory leaks (rbd_client#1, rbd_options#1)
      unreferenced object rbd_client#1 (size 24):
        comm "rbd-add", pid 101
        backtrace:
          rbd_client_create driver.ts
          rbd_add driver.ts
      unreferenced object rbd_options#1 (size 4):
        comm "rbd-add", pid 101
        backtrace:
          rbd_client_create driver.ts
          rbd_add driver.ts"
    `);
  });

  function* add(rbdc: rbd_client): Op<void> {
    list_add_tail(rbdc.node, rbd_client_list);
  }

  it('is silent when the world of the scenario leads to it', () => {
    const world: unknown[] = [];
    const keepInWorld = function* keepInWorld(rbdc: rbd_client): Op<void> {
      world.push({ clients: new Map([['a', [rbdc]]]) });
    };
    expect(run(keepInWorld, world).kinds).toEqual([]);
  });

  it('reports what only a static leads to, and names the static', () => {
    const found = run(add);
    expect(found.kinds).toEqual(['memory-leak']);
    expect(found.report('memory-leak')).toContain(
      'unreferenced object rbd_client#1 (size 24):\n  (only rbd_client_list still leads to it)\n',
    );
  });

  it('is silent about it in a kernel, where no scenario says what may stay', () => {
    expect(run(add, null).kinds).toEqual([]);
  });

  it('does not follow a static that the world names, as it belongs to the driver', () => {
    const world: unknown[] = [];
    const keepStatic = function* keepStatic(rbdc: rbd_client): Op<void> {
      last.value = rbdc;
      world.push(last);
    };
    expect(run(keepStatic, world).kinds).toEqual(['memory-leak']);
  });

  it('allows as many leftovers as the scenario does, and no more', () => {
    expect(run(add, [], { rbd_client: 1, rbd_options: 1 }).kinds).toEqual([]);
    expect(run(add, [], { rbd_client: 1 }).report('memory-leak')).toContain('(rbd_options#1)');
    const twice = function* twice(rbdc: rbd_client): Op<void> {
      yield* add(rbdc);
      yield* add(yield* rbd_client_create());
    };
    const found = run(twice, [], { rbd_client: 1, rbd_options: 2 });
    expect(found.report('memory-leak')).toContain('kmemleak: 1 new suspected memory leak (');
  });

  it('reports it in a kernel after it was removed from a list', () => {
    const found = run(function* addAndForget(rbdc) {
      yield* add(rbdc);
      list_del(rbdc.node);
    }, null);
    expect(found.kinds).toEqual(['memory-leak']);
  });

  it('without a world, treats only what set-up code allocated as held', () => {
    const found = told(dpor, [kmemleak()], (machine) => {
      machine.runNow(rbd_client_create());
      machine.spawn('rbd-add', rbd_client_create);
    });
    expect(found.report('memory-leak')).toContain('(rbd_client#2, rbd_options#2)');
  });

  it('follows no pointer out of freed memory', () => {
    const found = run(function* freeClientOnly(rbdc) {
      last.value = rbdc;
      yield* kfree(rbdc);
    });
    expect(found.report('memory-leak')).toContain(
      'kmemleak: 1 new suspected memory leak (rbd_options#1)',
    );
  });

  it('reports what only an armed timer leads to, which may not expire for ever', () => {
    const watched = struct('watched', { timer: timer_list });
    const found = run(function* arm(rbdc) {
      const one = yield* kzalloc(watched, GFP_KERNEL);
      if (one === null) return;
      yield* timer_setup(one.timer, again, 0);
      yield* mod_timer(one.timer, 1);
      yield* kfree(rbdc.opts);
      yield* kfree(rbdc);
    });
    expect(found.kinds).toEqual(['memory-leak']);
    expect(found.report('memory-leak')).toContain(
      "  (watched#1.timer in it is still armed: the scenario's 'expiries' says how often it expires)",
    );
  });

  it('is silent when all was freed, and after an oops', () => {
    const freed = run(function* free(rbdc) {
      yield* kfree(rbdc.opts);
      yield* kfree(rbdc);
    });
    expect(freed.kinds).toEqual([]);
    const oops = run(function* die() {
      BUG();
    });
    expect(oops.kinds).toEqual(['bug']);
  });
});
