// SPDX-License-Identifier: GPL-2.0-only
import { dpor } from '../explore';
import {
  BUG,
  DEFINE_MUTEX,
  DEFINE_SPINLOCK,
  mutex_lock,
  mutex_unlock,
  spin_lock,
  spin_unlock,
  type spinlock_t,
} from '../kernel';
import { makeHandle, type Handle, type Kind, type Op, request, SyncObject } from '../machine';
import { hungTask } from './hung-task';
import { type Told, told } from './testing/told';

class Completion extends SyncObject {
  readonly typeName = 'completion';
  readonly handle: Handle = makeHandle(this);
}
const destroy_complete = new Completion().makeStatic('destroy_complete');
const WAIT: Kind<Completion, [], void> = {
  name: 'wait_for_completion',
  access: 'write',
  enabled: (state) => state > 0,
  perform: () => undefined,
};
const COMPLETE: Kind<Completion, [], void> = {
  name: 'complete',
  access: 'write',
  perform: (_machine, _task, { object }) => void (object.state = 1),
};

const a = DEFINE_MUTEX('nbd_index_mutex');
const b = DEFINE_MUTEX('open_mutex');
const node_lock = DEFINE_SPINLOCK('node_lock');

function run(tasks: Record<string, () => Op<unknown>>): Told {
  return told(dpor, [hungTask()], (machine) => {
    for (const [comm, code] of Object.entries(tasks)) machine.spawn(comm, code);
  });
}

function* nbd_open(): Op<void> {
  yield* mutex_lock(b);
  yield* mutex_lock(a);
  yield* mutex_unlock(a);
  yield* mutex_unlock(b);
}
function* nbd_put(): Op<void> {
  yield* mutex_lock(a);
  yield* mutex_lock(b);
  yield* mutex_unlock(b);
  yield* mutex_unlock(a);
}
function* rbd_put_client(lock: spinlock_t): Op<void> {
  yield* spin_lock(lock);
  yield* spin_lock(lock);
}
function* nbd_connect(): Op<void> {
  yield* request(WAIT, destroy_complete);
}
function* nbd_remove(): Op<void> {
  yield* request(COMPLETE, destroy_complete);
}
function* dies(): Op<void> {
  yield* mutex_lock(a);
  BUG();
}

describe('hung-task', () => {
  it('tells a deadlock with who waits for whom', () => {
    const found = run({ 'nbd-open': nbd_open, 'nbd-disc': nbd_put });
    expect(found.kinds).toEqual(['deadlock']);
    expect(found.report('deadlock')).toMatchInlineSnapshot(`
      "INFO: task nbd-open:101 blocked for more than 122 seconds.
      INFO: task nbd-open:101 is blocked on mutex nbd_index_mutex likely owned by task nbd-disc:102.
      task:nbd-open        state:D pid:101
      Call Trace:
       nbd_open driver.ts

      INFO: task nbd-disc:102 blocked for more than 122 seconds.
      INFO: task nbd-disc:102 is blocked on mutex open_mutex likely owned by task nbd-open:101.
      task:nbd-disc        state:D pid:102
      Call Trace:
       nbd_put driver.ts

      deadlock: nbd-open/101 waits for nbd-disc/102 waits for nbd-open/101

      Showing all locks held in the system:
      1 lock held by nbd-open/101:
       #0: open_mutex (open_mutex){+.+.}-{3:3}, at: nbd_open
      1 lock held by nbd-disc/102:
       #0: nbd_index_mutex (nbd_index_mutex){+.+.}-{3:3}, at: nbd_put"
    `);
  });

  it('is silent when both take the locks in one order', () => {
    expect(run({ A: nbd_put, B: nbd_put }).kinds).toEqual([]);
  });

  it('tells a spinlock taken twice as recursion', () => {
    const found = run({ 'rbd-put': () => rbd_put_client(node_lock) });
    expect(found.kinds).toEqual(['deadlock']);
    expect(found.report('deadlock')).toMatchInlineSnapshot(`
      "BUG: spinlock recursion on CPU#1, rbd-put/101
       lock: node_lock, .magic: dead4ead, .owner: rbd-put/101, .owner_cpu: 1
      task:rbd-put         state:R pid:101
      Call Trace:
       rbd_put_client driver.ts

      deadlock: rbd-put/101 waits for rbd-put/101

      Showing all locks held in the system:
      1 lock held by rbd-put/101:
       #0: node_lock (node_lock){+.+.}-{2:2}, at: rbd_put_client"
    `);
  });

  it('is silent about one that had to wait and was let in', () => {
    function* once(): Op<void> {
      yield* spin_lock(node_lock);
      yield* spin_unlock(node_lock);
    }
    expect(run({ A: once, B: once }).kinds).toEqual([]);
  });

  it('tells a wait that nobody ends as a hung task', () => {
    const found = run({ 'nbd-conn': nbd_connect });
    expect(found.kinds).toEqual(['hung-task']);
    expect(found.report('hung-task')).toMatchInlineSnapshot(`
      "INFO: task nbd-conn:101 blocked for more than 122 seconds.
      INFO: task nbd-conn:101 waits in wait_for_completion(destroy_complete), and no task is left to end it.
      task:nbd-conn        state:D pid:101
      Call Trace:
       nbd_connect driver.ts"
    `);
    expect(run({ 'nbd-conn': nbd_connect, 'nbd-disc': nbd_remove }).kinds).toEqual([]);
  });

  it('names a dead task that took its lock with it', () => {
    const found = run({ A: dies, B: nbd_put });
    expect(found.kinds).toContain('hung-task');
    expect(found.report('hung-task')).toContain('likely owned by task A:101.');
  });
});
