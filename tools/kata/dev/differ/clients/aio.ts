// SPDX-License-Identifier: GPL-2.0-only
/** Clients of aio.ts: the threads of a process that has one context to begin with. */
import type { Part } from './client';

export const aio: Part = {
  text: `interface World {
  /** The handles of all contexts there were, whether or not they still are; the first was there before. */
  readonly ids: number[];
  readonly quick: user<StructOf<typeof driver.iocb>>;
  readonly later: user<StructOf<typeof driver.iocb>>;
  readonly events: user<array<number>>;
}
const request = static_var<kiocb | null>('request', null);
const quick = openFile({
  *read_iter() {
    return 1;
  },
});
const later = openFile({
  *read_iter(iocb) {
    yield* driver.kiocb_set_cancel_fn(iocb, () => answer(-EINTR));
    request.value = iocb;
    return -EIOCBQUEUED;
  },
});
function* answer(result: number): Op<string> {
  const iocb = request.value;
  request.value = null;
  if (iocb === null || iocb.ki_complete === null) return 'nothing';
  yield* iocb.ki_complete(iocb, result);
  return 'answered';
}
function* iocbOf(fd: number): Op<user<StructOf<typeof driver.iocb>>> {
  const iocb = yield* user_alloc(driver.iocb);
  yield* user_write(iocb, 'aio_data', 7);
  yield* user_write(iocb, 'aio_fildes', fd);
  return iocb;
}
function* world(): Op<World> {
  const reads = { quick: yield* iocbOf(quick), later: yield* iocbOf(later) };
  const w: World = { ids: [], ...reads, events: yield* user_alloc(driver.io_events) };
  yield* setUp(w);
  return w;
}
function* setUp({ ids }: World, nr_events = 1): Op<number> {
  const ctxp = yield* user_alloc(driver.aio_context_t);
  const ret = yield* driver.io_setup(nr_events, ctxp);
  if (ret === 0) ids.push(yield* user_read(ctxp, 'value'));
  return ret;
}
function* first({ ids: [id = 0] }: World, call: (id: number) => Op<number>): Op<number> {
  return yield* call(id);
}
function* left(w: World): Op<string> {
  yield* answer(1);
  const made = [allocated(driver.kioctx), allocated(driver.aio_ring)];
  yield* driver.exit_aio(current_mm());
  yield* settle();
  const types = [driver.kioctx, driver.aio_ring, driver.aio_kiocb, driver.kioctx_table];
  return [w.ids.length, ...made, ...types.map((type) => allocated(type))].join();
}`,
  calls: [
    'yield* first(w, driver.io_destroy)',
    'yield* setUp(w)',
    'yield* first(w, (id) => driver.io_submit(id, [w.quick]))',
    'yield* first(w, (id) => driver.io_getevents(id, 0, 1, w.events, 0))',
    'yield* first(w, (id) => driver.io_submit(id, [w.later]))',
    'yield* answer(1)',
    'yield* first(w, (id) => driver.io_cancel(id, w.later))',
  ],
  failures: {
    kmalloc: 1,
    kzalloc: 1,
    percpu_ref_init: 1,
    vm_mmap: 1,
    put_user: 1,
    copy_from_user: 1,
  },
  left: 'yield* left(w)',
};
