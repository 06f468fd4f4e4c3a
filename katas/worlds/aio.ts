// SPDX-License-Identifier: GPL-2.0-only
/**
 * A process that uses asynchronous reads: its threads set up contexts, submit reads, wait for their events, cancel reads, and
 * destroy the contexts. A destroyed context leaves nothing, and the limit is what it was.
 */
import {
  allocated,
  allocatedBesides,
  type array,
  complete,
  current_mm,
  DECLARE_COMPLETION,
  EAGAIN,
  EBADF,
  EFAULT,
  EINPROGRESS,
  EINTR,
  EINVAL,
  EIOCBQUEUED,
  type Embeddable,
  ENOMEM,
  expect_eq,
  expect_no_locks,
  expect_true,
  type Handle,
  type kiocb,
  type Op,
  openFile,
  type Scenario,
  scenario,
  static_var,
  type user,
  user_alloc,
  user_read,
  user_write,
  userMapped,
  wait_for_completion,
} from '#lib';

/** What the world needs of a driver. */
export interface Aio {
  readonly aio_context_t: Embeddable<Context>;
  readonly aio_ring: Embeddable<Ring>;
  readonly iocb: Embeddable<Read>;
  readonly io_events: Embeddable<array<number>>;
  readonly kioctx: { readonly typeName: string };
  readonly kioctx_table: { readonly typeName: string };
  readonly aio_kiocb: { readonly typeName: string };
  readonly aio_max_nr: { value: number };
  kiocb_set_cancel_fn(iocb: kiocb, cancel: (iocb: kiocb) => Op<unknown>): Op<void>;
  io_setup(nr_events: number, ctxp: user<Context>): Op<number>;
  io_destroy(ctx: number): Op<number>;
  io_submit(ctx_id: number, iocbpp: readonly Iocb[]): Op<number>;
  io_cancel(ctx_id: number, iocb: Iocb): Op<number>;
  io_getevents(id: number, min: number, nr: number, to: Events, timeout: 0 | null): Op<number>;
  exit_aio(mm: ReturnType<typeof current_mm>): Op<void>;
}
type Context = Handle & { value: number };
type Ring = Handle & { id: number };
type Read = Handle & { aio_data: number; aio_fildes: number };
type Events = user<array<number>>;
type Iocb = user<Read>;

/** The files: they answer immediately, slowly, later, or until they are cancelled. */
type Kind = 'quick' | 'slow' | 'later' | 'cancellable';

/** A process: the addresses of its context handles, of its read requests, and of its events. */
export interface World {
  readonly contexts: user<Context>[];
  readonly reads: Readonly<Record<Kind, Iocb>>;
  readonly events: Events;
}

/** A user address without a mapping. */
const NOWHERE = 0x1000;
/** The data that a process expects in its event. */
const DATA = 7;
const BAD_FD = 1;
/** Slots of the first table of a process. */
const FIRST_TABLE = 4;

/** The slow file has begun to read; it may continue; it has finished. */
const begun = DECLARE_COMPLETION('begun');
export const goOn = DECLARE_COMPLETION('goOn');
const over = static_var('over', false);
/** The device has a request; which one; somebody cancels it. */
const queued = DECLARE_COMPLETION('queued');
const request = static_var<kiocb | null>('request', null);
const cancelled = DECLARE_COMPLETION('cancelled');
function* later(iocb: kiocb): Op<number> {
  request.value = iocb;
  yield* complete(queued);
  return -EIOCBQUEUED;
}

/** The device completes its request. */
function* answer(result = 1): Op<void> {
  const iocb = request.value;
  if (iocb !== null && iocb.ki_complete !== null) yield* iocb.ki_complete(iocb, result);
  expect_no_locks('ki_complete()');
}

/** The device works on its request until it is complete or cancelled. */
function* device(wait = queued, result = 1): Op<void> {
  yield* wait_for_completion(wait);
  yield* answer(result);
}

/** The threads of a process, and what must hold when contexts are destroyed. */
export function aioWorld(aio: Aio) {
  const files: Readonly<Record<Kind, number>> = {
    quick: openFile({
      *read_iter() {
        return 1;
      },
    }),
    slow: openFile({
      *read_iter() {
        yield* complete(begun);
        yield* wait_for_completion(goOn);
        over.value = true;
        return 1;
      },
    }),
    later: openFile({ read_iter: later }),
    cancellable: openFile({
      *read_iter(iocb) {
        yield* aio.kiocb_set_cancel_fn(iocb, () => complete(cancelled));
        return yield* later(iocb);
      },
    }),
  };

  function* iocbOf(fd: number): Op<Iocb> {
    const iocb = yield* user_alloc(aio.iocb);
    yield* user_write(iocb, 'aio_data', DATA);
    yield* user_write(iocb, 'aio_fildes', fd);
    return iocb;
  }
  /** A process with that many contexts, each of which counts one against the limit. */
  function* world(contexts = 1): Op<World> {
    const reads = {
      quick: yield* iocbOf(files.quick),
      slow: yield* iocbOf(files.slow),
      later: yield* iocbOf(files.later),
      cancellable: yield* iocbOf(files.cancellable),
    };
    const events = yield* user_alloc(aio.io_events);
    const w: World = { contexts: [], reads, events };
    for (let i = 0; i < contexts; i++) yield* settled(w);
    return w;
  }
  const oneContext = (): Op<World> => world();
  const noContext = (): Op<World> => world(0);

  /* The calls, each with what must hold for any result. */

  function* io_setup(nr_events: number, ctxp: user<Context>): Op<number> {
    const ret = yield* aio.io_setup(nr_events, ctxp);
    expect_no_locks('io_setup()');
    return ret;
  }
  function* io_destroy(id: number): Op<number> {
    const ret = yield* aio.io_destroy(id);
    expect_no_locks('io_destroy()');
    return ret;
  }
  function* io_submit(id: number, ...iocbs: readonly Iocb[]): Op<number> {
    const ret = yield* aio.io_submit(id, iocbs);
    expect_no_locks('io_submit()');
    return ret;
  }
  function* io_cancel(id: number, iocb: Iocb): Op<number> {
    const ret = yield* aio.io_cancel(id, iocb);
    expect_no_locks('io_cancel()');
    return ret;
  }
  function* io_getevents(
    id: number,
    min_nr: number,
    events: Events,
    timeout: 0 | null,
  ): Op<number> {
    const ret = yield* aio.io_getevents(id, min_nr, 2, events, timeout);
    expect_no_locks('io_getevents()');
    return ret;
  }

  /** Makes a context; returns the result of io_setup(). */
  function* make(w: World, nr_events = 1): Op<number> {
    const ctxp = yield* user_alloc(aio.aio_context_t);
    const ret = yield* io_setup(nr_events, ctxp);
    if (ret === 0) w.contexts.push(ctxp);
    else expect_eq(yield* user_read(ctxp, 'value'), 0, 'the handle of a context that is not');
    return ret;
  }
  /** Makes a context, which must succeed. */
  function* settled(w: World, nr_events = 1): Op<void> {
    expect_eq(yield* make(w, nr_events), 0, 'io_setup()');
  }
  function* idOf(w: World, nth = 0): Op<number> {
    const ctxp = w.contexts[nth];
    return ctxp === undefined ? 0 : yield* user_read(ctxp, 'value');
  }
  /** Destroys a context that exists. */
  function* destroy(w: World, nth = 0): Op<void> {
    expect_eq(yield* io_destroy(yield* idOf(w, nth)), 0, 'io_destroy() of a context that is there');
  }
  /** Checks that a context works: it takes a read and delivers its event. */
  function* works(w: World, id: number): Op<void> {
    expect_eq(yield* io_submit(id, w.reads.quick), 1, 'io_submit() of one read');
    yield* gives(w, id);
  }
  function* gives(w: World, id: number, data = DATA): Op<void> {
    yield* user_write(w.events, 0, 0);
    expect_eq(yield* io_getevents(id, 1, w.events, null), 1, 'io_getevents() of one event');
    expect_eq(yield* user_read(w.events, 0), data, 'the event');
  }
  /** Checks that no call accepts this handle. */
  function* unknown(w: World, id: number, what: string): Op<void> {
    expect_eq(yield* io_submit(id), -EINVAL, `io_submit() with ${what}`);
    expect_eq(yield* io_getevents(id, 0, w.events, 0), -EINVAL, `io_getevents() with ${what}`);
    expect_eq(yield* io_cancel(id, w.reads.quick), -EINVAL, `io_cancel() with ${what}`);
    expect_eq(yield* io_destroy(id), -EINVAL, `io_destroy() with ${what}`);
  }
  /** Reads that cannot be taken on, and events that cannot be given: each has its error, and what comes before it counts. */
  function* refused(w: World, id: number): Op<void> {
    const bad = yield* iocbOf(BAD_FD);
    expect_eq(yield* io_submit(id, bad), -EBADF, 'io_submit() of a read of no file');
    expect_eq(yield* io_submit(id, NOWHERE), -EFAULT, 'io_submit() of a read that is nowhere');
    expect_eq(yield* io_submit(id, w.reads.quick, bad), 1, 'io_submit() of one read and no file');
    const nowhere = yield* io_getevents(id, 1, NOWHERE, 0);
    expect_eq(nowhere, -EFAULT, 'io_getevents() without a place for the events');
    yield* gives(w, id);
  }
  /** More events than a ring has room for, one after the other; some wait, and they come in their order, two at most. */
  function* comesRound(w: World, id: number): Op<void> {
    for (let i = 0; i < 3; i++) {
      const { quick } = w.reads;
      expect_eq(yield* io_submit(id, quick, quick, quick), 3, 'io_submit() of three');
      for (const n of [2, 1]) {
        expect_eq(yield* io_getevents(id, 0, w.events, 0), n, 'io_getevents() of what is there');
        expect_eq(yield* user_read(w.events, n - 1), DATA, 'the data in the last event');
      }
    }
  }
  /** Memory of the process that looks like a ring with this number. */
  function* forge(number: number): Op<user<Ring>> {
    const ring = yield* user_alloc(aio.aio_ring);
    yield* user_write(ring, 'id', number);
    return ring;
  }
  function left(contexts: number, unmappedByExit = 0): void {
    expect_eq(allocated(aio.kioctx), contexts, 'contexts left at the end');
    expect_eq(allocated(aio.aio_ring), contexts, 'rings left at the end');
    expect_eq(userMapped() - unmappedByExit, contexts, 'rings mapped at the end');
    expect_eq(allocated(aio.aio_kiocb), 0, 'requests left at the end');
    expect_true(allocated(aio.kioctx_table) <= 1, 'a table was left behind');
  }
  /** The process ends and frees everything it still has. */
  function* exits(): Op<void> {
    yield* aio.exit_aio(current_mm());
  }
  /** Checks that nothing is left, and that the whole limit is free. */
  function* allGone(w: World, unmappedByExit = 0): Op<void> {
    left(0, unmappedByExit);
    expect_eq(allocatedBesides(aio.kioctx_table), 0, 'memory leak: other structures at the end');
    aio.aio_max_nr.value = 2;
    yield* settled(w, 2);
    yield* exits();
  }

  /** Checks that a process has ended; another one begins. */
  function* exited(w: World): Op<void> {
    expect_eq(allocated(aio.kioctx_table), 0, 'tables left at the end');
    yield* aio.exit_aio(current_mm());
    yield* allGone(w, w.contexts.length);
  }

  const asked = {
    task: 1,
    kind: 'function',
    setup: oneContext,
    check: (w: World) => allGone(w),
  } as const;
  const common: readonly Scenario[] = [
    scenario({
      id: 'grow-vs-submit',
      title: 'a context is found while the table it is in makes room for others',
      ...asked,
      setup: () => world(FIRST_TABLE),
      tasks: {
        setup: (w) => settled(w),
        *submit(w) {
          const id = yield* idOf(w, FIRST_TABLE - 1);
          expect_eq(yield* io_submit(id), 0, 'io_submit() while the table grows');
        },
      },
      *check(w) {
        left(FIRST_TABLE + 1);
        for (const nth of w.contexts.keys()) yield* works(w, yield* idOf(w, nth));
        yield* exits();
      },
    }),
    scenario({
      id: 'grow-vs-grow',
      title: 'two threads that find the table full make room once, and get a number each',
      ...asked,
      setup: () => world(FIRST_TABLE),
      tasks: { 'setup/a': (w) => settled(w), 'setup/b': (w) => settled(w) },
      *check(w) {
        left(FIRST_TABLE + 2);
        for (const nth of w.contexts.keys()) yield* works(w, yield* idOf(w, nth));
        yield* exits();
      },
    }),
    scenario({
      id: 'grow-vs-destroy',
      title: 'a context that goes while the table grows is in neither of the two tables',
      ...asked,
      setup: () => world(FIRST_TABLE),
      tasks: { setup: (w) => settled(w), destroy },
      *check(w) {
        left(FIRST_TABLE);
        yield* unknown(w, yield* forge(0), 'a forged handle');
        for (const nth of w.contexts.keys()) if (nth > 0) yield* works(w, yield* idOf(w, nth));
        yield* exits();
      },
    }),
    scenario({
      id: 'slow-vs-destroy',
      title: 'io_destroy() returns when the thread that is at the context is through with it',
      ...asked,
      tasks: {
        *submit(w) {
          expect_eq(yield* io_submit(yield* idOf(w), w.reads.slow), 1, 'io_submit()');
        },
        *destroy(w) {
          yield* wait_for_completion(begun);
          yield* destroy(w);
          expect_true(over.value, 'io_destroy() returned while a read was being taken on');
          expect_eq(allocated(aio.aio_kiocb), 0, 'requests when io_destroy() has returned');
        },
        disk: () => complete(goOn),
      },
    }),
    scenario({
      id: 'answer-vs-destroy',
      title: 'io_destroy() returns when the requests of the context are done',
      ...asked,
      *setup() {
        const w = yield* world();
        yield* io_submit(yield* idOf(w), w.reads.later);
        return w;
      },
      tasks: {
        *destroy(w) {
          yield* destroy(w);
          expect_eq(allocated(aio.aio_kiocb), 0, 'requests when io_destroy() has returned');
        },
        device: () => device(),
      },
    }),
    scenario({
      id: 'destroy-cancels',
      title: 'a context that goes cancels what can be cancelled',
      ...asked,
      *setup() {
        const w = yield* world();
        yield* io_submit(yield* idOf(w), w.reads.cancellable);
        return w;
      },
      tasks: { destroy, device: () => device(cancelled, -EINTR) },
    }),
    scenario({
      id: 'answer-wakes',
      title: 'a thread that waits for an event gets it when it comes',
      ...asked,
      *setup() {
        const w = yield* world();
        yield* io_submit(yield* idOf(w), w.reads.later);
        return w;
      },
      tasks: {
        *getevents(w) {
          yield* gives(w, yield* idOf(w));
          yield* destroy(w);
        },
        device: () => device(),
      },
    }),
    scenario({
      id: 'cancel',
      title: 'a request is cancelled once, and its event comes all the same',
      ...asked,
      *setup() {
        const w = yield* world();
        yield* io_submit(yield* idOf(w), w.reads.cancellable);
        return w;
      },
      tasks: {
        *cancel(w) {
          const id = yield* idOf(w);
          expect_eq(
            yield* io_cancel(id, NOWHERE),
            -EFAULT,
            'io_cancel() of a read that is nowhere',
          );
          const { cancellable } = w.reads;
          expect_eq(yield* io_cancel(id, cancellable), -EINPROGRESS, 'io_cancel()');
          expect_eq(yield* io_cancel(id, cancellable), -EINVAL, 'io_cancel() once more');
        },
        device: () => device(cancelled, -EINTR),
      },
      *check(w) {
        left(1);
        yield* gives(w, yield* idOf(w), -EINTR);
        yield* exits();
      },
    }),
    scenario({
      id: 'exit',
      title: 'a process ends when the requests of its contexts are done, and leaves nothing',
      ...asked,
      *setup() {
        const w = yield* world();
        yield* io_submit(yield* idOf(w), w.reads.cancellable);
        return w;
      },
      tasks: {
        *exit() {
          yield* aio.exit_aio(current_mm());
          expect_eq(allocated(aio.aio_kiocb), 0, 'requests when exit_aio() has returned');
        },
        device: () => device(cancelled, -EINTR),
      },
      check: exited,
    }),
    scenario({
      id: 'work',
      title: 'contexts are distinct, and each delivers the events of its own reads',
      ...asked,
      setup: noContext,
      tasks: {
        *process(w) {
          for (let nth = 0; nth < 2; nth++) yield* settled(w);
          const [a, b] = [yield* idOf(w, 0), yield* idOf(w, 1)];
          expect_true(a !== b && a !== 0 && b !== 0, 'contexts without a handle of their own');
          expect_eq(yield* io_submit(a, w.reads.quick, w.reads.quick), 2, 'io_submit() of two');
          expect_eq(yield* io_getevents(b, 0, w.events, 0), 0, 'io_getevents() of the other');
          yield* works(w, b);
          expect_eq(yield* io_getevents(a, 2, w.events, null), 2, 'io_getevents() of two events');
          expect_eq(yield* io_getevents(a, 0, w.events, 0), 0, 'io_getevents() of no event');
          expect_eq(yield* io_getevents(a, 3, w.events, 0), -EINVAL, 'io_getevents() of 3 of 2');
          expect_eq(yield* io_getevents(a, -1, w.events, 0), -EINVAL, 'io_getevents() of -1');
          yield* refused(w, a);
          yield* comesRound(w, b);
        },
      },
      *check() {
        left(2);
        yield* exits();
      },
    }),
    scenario({
      id: 'remake',
      title:
        'a handle is good for one context and for as long as it is there; its number is used again',
      ...asked,
      setup: () => world(2),
      tasks: {
        *process(w) {
          const id = yield* idOf(w);
          yield* destroy(w);
          yield* unknown(w, id, 'a handle of a context that is gone');
          yield* settled(w);
          yield* unknown(w, id, 'a handle of a context that is gone');
        },
      },
      *check(w) {
        left(2);
        yield* works(w, yield* idOf(w, 1));
        yield* works(w, yield* idOf(w, 2));
        const ring: user<Ring> = yield* idOf(w, 2);
        expect_eq(yield* user_read(ring, 'id'), 0, 'the number of a context, where one is free');
        yield* exits();
      },
    }),
    scenario({
      id: 'bad-handles',
      title: 'a value that is not a handle of a context gives -EINVAL and does no harm',
      ...asked,
      tasks: {
        *process(w) {
          const id = yield* idOf(w);
          yield* unknown(w, 0, 'NULL');
          yield* unknown(w, NOWHERE, 'an address where nothing is');
          for (const number of [-1, 0, 1, FIRST_TABLE, 100])
            yield* unknown(w, yield* forge(number), `a forged handle that says ${number}`);
          const ring: user<Ring> = id;
          yield* user_write(ring, 'id', 1);
          yield* unknown(w, id, 'a handle whose ring was written to');
          yield* user_write(ring, 'id', 0);
          yield* works(w, id);
          yield* destroy(w);
        },
      },
    }),
    scenario({
      id: 'limit',
      title:
        'io_setup() refuses senseless arguments and more than the limit, and a destroyed context frees its share',
      ...asked,
      *setup() {
        const w = yield* world(0);
        aio.aio_max_nr.value = 4;
        const ctxp = yield* user_alloc(aio.aio_context_t);
        expect_eq(yield* io_setup(0, ctxp), -EINVAL, 'io_setup() of a context for nothing');
        expect_eq(
          yield* io_setup(1, NOWHERE),
          -EFAULT,
          'io_setup() without a place for the handle',
        );
        expect_eq(yield* make(w, 5), -EAGAIN, 'io_setup() over the limit');
        yield* settled(w, 3);
        const twice = yield* io_setup(1, w.contexts[0] ?? 0);
        expect_eq(twice, -EINVAL, 'io_setup() where there is a handle already');
        expect_eq(yield* make(w, 2), -EAGAIN, 'io_setup() over what is left of the limit');
        yield* settled(w, 1);
        expect_eq(yield* make(w, 1), -EAGAIN, 'io_setup() when nothing is left of the limit');
        return w;
      },
      tasks: {
        *process(w) {
          yield* destroy(w);
          expect_eq(yield* make(w, 4), -EAGAIN, 'io_setup() over what is left of the limit');
          yield* settled(w, 3);
        },
      },
      *check(w) {
        left(2);
        expect_eq(yield* make(w, 1), -EAGAIN, 'io_setup() when nothing is left of the limit');
        yield* exits();
      },
    }),
    scenario({
      id: 'no-memory',
      title: 'without memory io_setup() says so, and leaves nothing behind and nothing used up',
      ...asked,
      failures: { kmalloc: 1, kzalloc: 1, percpu_ref_init: 1, vm_mmap: 1, put_user: 1 },
      setup: () => world(FIRST_TABLE),
      tasks: {
        *setup(w) {
          const ret = yield* make(w);
          if (ret !== -ENOMEM && ret !== -EFAULT) expect_eq(ret, 0, 'io_setup()');
        },
      },
      *check(w) {
        left(w.contexts.length);
        aio.aio_max_nr.value = w.contexts.length + 1;
        yield* settled(w);
        expect_eq(yield* make(w), -EAGAIN, 'io_setup() over the limit');
        for (const nth of w.contexts.keys()) yield* works(w, yield* idOf(w, nth));
        yield* exits();
      },
    }),
    scenario({
      id: 'bad-reads',
      title:
        'a read that cannot be taken on gives its error, if it is the first, and leaves nothing behind',
      ...asked,
      failures: { copy_from_user: 1, put_user: 1, kzalloc: 1, kmalloc: 1 },
      tasks: {
        *process(w) {
          const id = yield* idOf(w);
          const { quick } = w.reads;
          const bad = yield* iocbOf(BAD_FD);
          const errors = [-EBADF, -EFAULT, -EAGAIN];
          const refused = yield* io_submit(id, bad, quick);
          expect_true(errors.includes(refused), 'io_submit() of a read of no file');
          const ret = yield* io_submit(id, quick);
          if (!errors.includes(ret)) expect_eq(ret, 1, 'io_submit() of one read');
          const nowhere = yield* io_submit(id, NOWHERE);
          expect_true(errors.includes(nowhere), 'io_submit() of a read that is nowhere');
          expect_eq(allocated(aio.aio_kiocb), 0, 'requests after reads that are done or refused');
          yield* destroy(w);
        },
      },
    }),
    scenario({
      id: 'other-vs-destroy',
      title: 'a context is found while another one goes',
      ...asked,
      kind: 'overfix',
      setup: () => world(2),
      tasks: {
        destroy,
        *submit(w) {
          expect_eq(yield* io_submit(yield* idOf(w, 1)), 0, 'io_submit() while another goes');
        },
      },
      *check(w) {
        left(1);
        yield* works(w, yield* idOf(w, 1));
        yield* exits();
      },
    }),
    scenario({
      id: 'slow-alone',
      title:
        'a thread that is held up in a call holds up nobody: neither at its context nor elsewhere',
      ...asked,
      kind: 'overfix',
      setup: () => world(2),
      tasks: {
        *slow(w) {
          expect_eq(yield* io_submit(yield* idOf(w), w.reads.slow), 1, 'io_submit()');
        },
        *quick(w) {
          yield* wait_for_completion(begun);
          yield* works(w, yield* idOf(w));
          yield* works(w, yield* idOf(w, 1));
          yield* settled(w);
          yield* complete(goOn);
        },
      },
      *check(w) {
        left(3);
        yield* gives(w, yield* idOf(w));
        yield* exits();
      },
    }),
    scenario({
      id: 'slow-vs-other',
      title: 'a context goes while a thread is held up at another',
      ...asked,
      kind: 'overfix',
      setup: () => world(2),
      tasks: {
        *slow(w) {
          expect_eq(yield* io_submit(yield* idOf(w), w.reads.slow), 1, 'io_submit()');
        },
        *destroy(w) {
          yield* wait_for_completion(begun);
          yield* destroy(w, 1);
          yield* complete(goOn);
        },
      },
      *check(w) {
        left(1);
        yield* gives(w, yield* idOf(w));
        yield* exits();
      },
    }),
    scenario({
      id: 'destroys-overlap',
      title: 'while a context that is being destroyed waits for its requests, other calls finish',
      ...asked,
      kind: 'overfix',
      *setup() {
        const w = yield* world();
        yield* io_submit(yield* idOf(w), w.reads.cancellable);
        return w;
      },
      tasks: {
        'destroy/a': (w) => destroy(w),
        *'destroy/b'(w) {
          yield* wait_for_completion(cancelled);
          yield* unknown(w, NOWHERE, 'an address where nothing is');
          yield* settled(w);
          yield* answer(-EINTR);
        },
      },
      *check(w) {
        left(1);
        yield* works(w, yield* idOf(w, 1));
        yield* exits();
      },
    }),
  ];

  return {
    ...{ world, oneContext, noContext, io_setup, io_destroy, io_submit, io_cancel, io_getevents },
    ...{ make, settled, idOf, destroy, works, forge, left, exits, allGone, common },
  };
}
