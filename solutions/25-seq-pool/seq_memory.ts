// SPDX-License-Identifier: GPL-2.0-only
/**
 * sound/core/seq/seq_memory.c and sound/core/seq/seq_clientmgr.c as of Linux 4.15, with commit d15d662e89fc ("ALSA: seq: Fix racy
 * pool initializations", 2018).
 *
 * A client of the sequencer writes events. Each needs a cell of the client's pool, which gets its cells at the first write.
 */
import {
  type array,
  atomic_dec,
  atomic_inc,
  atomic_read,
  atomic_set,
  atomic_t,
  bool,
  EAGAIN,
  EINVAL,
  elementAt,
  ENOMEM,
  GFP_KERNEL,
  int,
  kfree,
  kvfree,
  kvmalloc_array,
  kzalloc,
  mutex,
  mutex_init,
  mutex_lock,
  mutex_unlock,
  type Op,
  ptr,
  READ_ONCE,
  schedule_timeout_uninterruptible,
  spin_lock_init,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  spinlock_t,
  struct,
  type StructOf,
  WRITE_ONCE,
} from '#lib';

const SNDRV_SEQ_MAX_EVENTS = 3;

export const snd_seq_event_cell = struct('snd_seq_event_cell', {
  event: int,
  pool: ptr.unchecked<snd_seq_pool>(),
  next: ptr<snd_seq_event_cell>(),
});
export interface snd_seq_event_cell extends StructOf<typeof snd_seq_event_cell> {}

export const snd_seq_pool = struct('snd_seq_pool', {
  ptr: ptr<array<snd_seq_event_cell>>() /* the cells */,
  free: ptr<snd_seq_event_cell>() /* those that are not in use */,
  total_elements: int,
  counter: atomic_t /* cells in use */,
  size: int /* how many there are to be */,
  closing: bool,
  lock: spinlock_t,
});
export interface snd_seq_pool extends StructOf<typeof snd_seq_pool> {}

export const snd_seq_client = struct('snd_seq_client', {
  pool: ptr.unchecked<snd_seq_pool>(),
  ioctl_mutex: mutex,
  delivered: atomic_t,
});
export interface snd_seq_client extends StructOf<typeof snd_seq_client> {}

/* sound/core/seq/seq_memory.c */

/** How many cells may still be had. */
export function* snd_seq_unused_cells(pool: snd_seq_pool): Op<number> {
  return (yield* READ_ONCE(pool, 'total_elements')) - (yield* atomic_read(pool.counter));
}

/** Gives a cell back. */
export function* snd_seq_cell_free(cell: snd_seq_event_cell): Op<void> {
  const { pool } = cell;

  const flags = yield* spin_lock_irqsave(pool.lock);
  cell.next = pool.free;
  pool.free = cell;
  yield* atomic_dec(pool.counter);
  yield* spin_unlock_irqrestore(pool.lock, flags);
}

function* snd_seq_cell_alloc(pool: snd_seq_pool): Op<snd_seq_event_cell | number> {
  const flags = yield* spin_lock_irqsave(pool.lock);
  let found: snd_seq_event_cell | number = -EAGAIN;
  if ((yield* READ_ONCE(pool, 'ptr')) === null) {
    found = -EINVAL; /* not initialised */
  } else if (pool.closing) {
    found = -ENOMEM;
  } else if (pool.free !== null) {
    found = pool.free;
    pool.free = found.next;
    yield* atomic_inc(pool.counter);
    found.next = null;
  }
  yield* spin_unlock_irqrestore(pool.lock, flags);
  return found;
}

/** Puts an event into a cell, or gives an error: -EAGAIN if all are in use. */
export function* snd_seq_event_dup(
  pool: snd_seq_pool,
  event: number,
): Op<snd_seq_event_cell | number> {
  const cell = yield* snd_seq_cell_alloc(pool);
  if (typeof cell !== 'number') cell.event = event;
  return cell;
}

/** Gives a pool its cells, if it has none. Its caller holds ioctl_mutex. */
function* snd_seq_pool_init(pool: snd_seq_pool): Op<number> {
  if ((yield* READ_ONCE(pool, 'ptr')) !== null) return 0;

  const cells = yield* kvmalloc_array(
    yield* READ_ONCE(pool, 'size'),
    snd_seq_event_cell,
    GFP_KERNEL,
  );
  if (cells === null) return -ENOMEM;

  /* add new cells to the free cell list */
  const flags = yield* spin_lock_irqsave(pool.lock);
  yield* WRITE_ONCE(pool, 'ptr', cells);
  pool.free = null;
  for (let i = 0; i < (yield* READ_ONCE(pool, 'size')); i++) {
    const cell = elementAt(cells, i);
    cell.pool = pool;
    cell.next = pool.free;
    pool.free = cell;
  }
  yield* WRITE_ONCE(pool, 'total_elements', yield* READ_ONCE(pool, 'size'));
  yield* spin_unlock_irqrestore(pool.lock, flags);
  return 0;
}

/** From here on nobody gets a cell. */
function* snd_seq_pool_mark_closing(pool: snd_seq_pool): Op<void> {
  const flags = yield* spin_lock_irqsave(pool.lock);
  pool.closing = true;
  yield* spin_unlock_irqrestore(pool.lock, flags);
}

/** Takes the cells away, when all have been given back. */
function* snd_seq_pool_done(pool: snd_seq_pool): Op<void> {
  while ((yield* atomic_read(pool.counter)) > 0) yield* schedule_timeout_uninterruptible(1);

  /* release all resources */
  let flags = yield* spin_lock_irqsave(pool.lock);
  const cells = yield* READ_ONCE(pool, 'ptr');
  yield* WRITE_ONCE(pool, 'ptr', null);
  pool.free = null;
  yield* WRITE_ONCE(pool, 'total_elements', 0);
  yield* spin_unlock_irqrestore(pool.lock, flags);

  yield* kvfree(cells);

  flags = yield* spin_lock_irqsave(pool.lock);
  pool.closing = false;
  yield* spin_unlock_irqrestore(pool.lock, flags);
}

function* snd_seq_pool_new(poolsize: number): Op<snd_seq_pool | null> {
  const pool = yield* kzalloc(snd_seq_pool, GFP_KERNEL);
  if (pool === null) return null;
  yield* spin_lock_init(pool.lock);
  yield* atomic_set(pool.counter, 0);
  pool.size = poolsize;
  return pool;
}

function* snd_seq_pool_delete(pool: snd_seq_pool): Op<void> {
  yield* snd_seq_pool_mark_closing(pool);
  yield* snd_seq_pool_done(pool);
  yield* kfree(pool);
}

/* sound/core/seq/seq_clientmgr.c */

function* snd_seq_write_pool_allocated(client: snd_seq_client): Op<boolean> {
  return (yield* READ_ONCE(client.pool, 'total_elements')) > 0;
}

/** Makes a client whose pool will have so many cells. Gives null if there is no memory. */
export function* seq_create_client1(poolsize: number): Op<snd_seq_client | null> {
  const client = yield* kzalloc(snd_seq_client, GFP_KERNEL);
  if (client === null) return null;
  const pool = yield* snd_seq_pool_new(poolsize);
  if (pool === null) {
    yield* kfree(client);
    return null;
  }
  client.pool = pool;
  yield* mutex_init(client.ioctl_mutex);
  yield* atomic_set(client.delivered, 0);
  return client;
}

/** Nobody writes any more. */
export function* seq_free_client(client: snd_seq_client): Op<void> {
  yield* snd_seq_pool_delete(client.pool);
  yield* kfree(client);
}

/** write(): sends an event. Gives 1, or an error. */
export function* snd_seq_write(client: snd_seq_client, event: number): Op<number> {
  const { pool } = client;

  /* allocate the pool now if the pool is not allocated yet */
  if ((yield* READ_ONCE(pool, 'size')) > 0 && !(yield* snd_seq_write_pool_allocated(client))) {
    yield* mutex_lock(client.ioctl_mutex);
    const err = yield* snd_seq_pool_init(pool); /* looks again */
    yield* mutex_unlock(client.ioctl_mutex);
    if (err < 0) return -ENOMEM;
  }

  const cell = yield* snd_seq_event_dup(pool, event);
  if (typeof cell === 'number') return cell;
  yield* atomic_inc(client.delivered);
  yield* snd_seq_cell_free(cell);
  return 1;
}

function* set_client_pool(client: snd_seq_client, output_pool: number): Op<number> {
  const { pool } = client;

  if (output_pool < 1 || output_pool > SNDRV_SEQ_MAX_EVENTS) return 0;
  const allocated = yield* snd_seq_write_pool_allocated(client);
  if (allocated && output_pool === (yield* READ_ONCE(pool, 'size'))) return 0;
  if (allocated) {
    /* remove all existing cells */
    yield* snd_seq_pool_mark_closing(pool);
    yield* snd_seq_pool_done(pool);
  }
  yield* WRITE_ONCE(pool, 'size', output_pool);
  return yield* snd_seq_pool_init(pool);
}

/** ioctl(SET_CLIENT_POOL): sets how many cells the pool has. Gives 0, or an error. */
export function* snd_seq_ioctl_set_client_pool(
  client: snd_seq_client,
  output_pool: number,
): Op<number> {
  yield* mutex_lock(client.ioctl_mutex);
  const err = yield* set_client_pool(client, output_pool);
  yield* mutex_unlock(client.ioctl_mutex);
  return err;
}
