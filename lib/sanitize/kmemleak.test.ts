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
  ptr,
  static_var,
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

function run(code: (rbdc: rbd_client) => Op<unknown>, world: unknown[] = []): Told {
  const monitors = [complaints(), kmemleak({ roots: () => world })];
  return told(dpor, monitors, (machine) => {
    world.length = 0;
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

  it('is silent when a list leads to it by its node', () => {
    const found = run(function* add(rbdc) {
      list_add_tail(rbdc.node, rbd_client_list);
    });
    expect(found.kinds).toEqual([]);
  });

  it('reports it when it was on a list and came off', () => {
    const found = run(function* addAndForget(rbdc) {
      list_add_tail(rbdc.node, rbd_client_list);
      list_del(rbdc.node);
    });
    expect(found.kinds).toEqual(['memory-leak']);
  });

  it('is silent when a static or the world of the scenario leads to it', () => {
    expect(
      run(function* keep(rbdc) {
        last.value = rbdc;
      }).kinds,
    ).toEqual([]);
    const world: unknown[] = [];
    const keepInWorld = function* keepInWorld(rbdc: rbd_client): Op<void> {
      world.push({ clients: new Map([['a', [rbdc]]]) });
    };
    expect(run(keepInWorld, world).kinds).toEqual([]);
  });

  it('takes what set-up code allocated for held when it is told of no world, and nothing else', () => {
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
