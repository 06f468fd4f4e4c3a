// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import {
  flush_work,
  GFP_KERNEL,
  INIT_WORK,
  int,
  kfree,
  kzalloc,
  schedule_work,
  work_struct as work,
} from '../kernel';
import {
  type Embeddable,
  embeddable,
  type Handle,
  makeHandle,
  objectOf,
  type Op,
  struct,
  SyncObject,
} from '../machine';
import { odebug } from './odebug';
import { type Told, told } from './testing/told';

class Work extends SyncObject {
  readonly typeName = 'work_struct';
  readonly handle: Handle = makeHandle(this);
}
const work_struct: Embeddable<Handle> = embeddable('work_struct', () => new Work());
const inner = struct('inner', { work: work_struct });
const nbd_with_work = struct('nbd_device', { remove_work: work });
const nbd_device = struct('nbd_device', { index: int, inner });

function freeing(active: boolean): Told {
  function* nbd_dev_remove(): Op<void> {
    const nbd = yield* kzalloc(nbd_device, GFP_KERNEL);
    if (nbd === null) return;
    const work = objectOf(nbd.inner.work);
    work.active = active ? 'work_struct' : '';
    work.hint = 'nbd_dev_remove_work';
    yield* kfree(nbd);
  }
  return told(dpor, [odebug()], (machine) => {
    machine.spawn('nbd', nbd_dev_remove);
  });
}

describe('odebug', () => {
  it('reports memory freed with a queued work item somewhere in it', () => {
    const found = freeing(true);
    expect(found.kinds).toEqual(['odebug-free-active']);
    expect(found.report('odebug-free-active')).toMatchInlineSnapshot(`
      "ODEBUG: free active (active state 0) object: nbd_device#1.inner.work object type: work_struct hint: nbd_dev_remove_work
      WARNING: CPU: 1 PID: 101 at lib/debugobjects.c debug_print_object
      CPU: 1 PID: 101 Comm: nbd
      Call Trace:
       nbd_dev_remove driver.ts
      ---[ end trace ]---"
    `);
  });

  it('is silent when the work item is idle', () => {
    expect(freeing(false).kinds).toEqual([]);
  });
});

function* run(): Op<void> {
  yield* [];
}

function initialising(flush: boolean): Told {
  function* nbd_put(): Op<void> {
    const nbd = yield* kzalloc(nbd_with_work, GFP_KERNEL);
    if (nbd === null) return;
    yield* INIT_WORK(nbd.remove_work, run);
    yield* schedule_work(nbd.remove_work);
    if (flush) yield* flush_work(nbd.remove_work);
    yield* INIT_WORK(nbd.remove_work, run);
  }
  return told(dpor, [odebug()], (machine) => {
    machine.spawn('nbd', nbd_put);
  });
}

describe('odebug: initialised again', () => {
  it('reports INIT_WORK() of a queued work', () => {
    const found = initialising(false);
    expect(found.kinds).toEqual(['odebug-init-active']);
    expect(found.report('odebug-init-active')).toMatchInlineSnapshot(`
      "ODEBUG: init active (active state 0) object: nbd_device#1.remove_work object type: work_struct hint: run
      WARNING: CPU: 1 PID: 101 at lib/debugobjects.c debug_print_object
      CPU: 1 PID: 101 Comm: nbd
      Call Trace:
       nbd_put driver.ts
      ---[ end trace ]---"
    `);
  });

  it('is silent when the work has run', () => {
    expect(initialising(true).kinds).toEqual([]);
  });
});
