// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of the contexts of a process when one of its threads destroys a context that another is looking up.
 * Nothing here asks how the driver counts, locks or waits.
 */
import {
  complete,
  DECLARE_COMPLETION,
  EFAULT,
  EINVAL,
  expect_eq,
  type Op,
  scenario,
  suite,
  user_alloc,
  user_read,
  user_write,
  wait_for_completion,
} from '#lib';
import { aioWorld, goOn, type World } from '../worlds/aio';

const PAGE = 0x1000;
/** The first thread has come so far that the second may begin. */
const first = DECLARE_COMPLETION('first');

/** A process, and what the calls of some threads gave. */
interface Recorded extends World {
  readonly results: Record<string, number>;
}

export default suite<typeof import('./aio')>((aio) => {
  const { world, oneContext, noContext, io_setup, io_destroy, io_submit, ...rest } = aioWorld(aio);
  const { io_cancel, io_getevents, settled, idOf, destroy, works, forge, left, exits, allGone } =
    rest;
  const { common } = rest;

  /** What a call gave on a context that may have gone by then. */
  function orGone(ret: number, good: number, call: string): void {
    if (ret !== -EINVAL) expect_eq(ret, good, `${call} on a context that is there, or is going`);
  }

  const destroyRecorded = (name: string) =>
    function* (w: Recorded): Op<void> {
      w.results[name] = yield* io_destroy(yield* idOf(w));
    };

  const race1 = {
    task: 1,
    kind: 'race',
    setup: oneContext,
    check: (w: World) => allGone(w),
  } as const;

  return [
    scenario({
      id: 'submit-vs-destroy',
      title: 'a context that a thread has found is there until the thread lets go of it',
      ...race1,
      tasks: {
        *submit(w) {
          orGone(yield* io_submit(yield* idOf(w)), 0, 'io_submit()');
        },
        destroy,
      },
    }),
    scenario({
      id: 'read-vs-destroy',
      title: 'a read that is taken on is carried out before the context goes',
      ...race1,
      tasks: {
        *submit(w) {
          orGone(yield* io_submit(yield* idOf(w), w.reads.quick), 1, 'io_submit()');
        },
        destroy,
      },
    }),
    scenario({
      id: 'slow-read-vs-destroy',
      title:
        'a thread may be at a context for as long as it takes, however soon somebody destroys it',
      ...race1,
      tasks: {
        *submit(w) {
          orGone(yield* io_submit(yield* idOf(w), w.reads.slow), 1, 'io_submit()');
        },
        destroy,
        disk: () => complete(goOn),
      },
    }),
    scenario({
      id: 'getevents-vs-destroy',
      title: 'a look for events finds the ring it was looking for, or no context',
      ...race1,
      tasks: {
        *getevents(w) {
          orGone(yield* io_getevents(yield* idOf(w), 0, w.events, 0), 0, 'io_getevents()');
        },
        destroy,
      },
    }),
    scenario({
      id: 'wait-vs-destroy',
      title: 'who waits for events of a context that goes is woken, and told',
      ...race1,
      tasks: {
        *getevents(w) {
          const ret = yield* io_getevents(yield* idOf(w), 1, w.events, null);
          expect_eq(ret, -EINVAL, 'io_getevents() on a context that goes');
        },
        destroy,
      },
    }),
    scenario({
      id: 'cancel-vs-destroy',
      title: 'there is nothing to cancel in a context that goes',
      ...race1,
      tasks: {
        *cancel(w) {
          const ret = yield* io_cancel(yield* idOf(w), w.reads.later);
          expect_eq(ret, -EINVAL, 'io_cancel() of what was never begun');
        },
        destroy,
      },
    }),
    scenario({
      id: 'guess-vs-failed-setup',
      title:
        'the handle of a context may be guessed before io_setup() returns it, or without its ever doing so',
      ...race1,
      setup: noContext,
      failures: { put_user: 1 },
      tasks: {
        *setup(w) {
          const known = yield* user_alloc(aio.aio_context_t);
          w.contexts.push(known);
          yield* user_write(known, 'value', yield* forge(-1));
          yield* complete(first);
          const ctxp = yield* user_alloc(aio.aio_context_t);
          const ret = yield* io_setup(1, ctxp);
          const id = yield* user_read(ctxp, 'value');
          if (ret === 0) expect_eq(yield* io_destroy(id), 0, 'io_destroy()');
          else expect_eq(ret, -EFAULT, 'io_setup() that cannot tell the handle');
        },
        *submit(w) {
          yield* wait_for_completion(first);
          const guess = (yield* idOf(w)) + 2 * PAGE;
          orGone(yield* io_submit(guess), 0, 'io_submit()');
        },
      },
    }),
    scenario({
      id: 'destroy-vs-destroy',
      title: 'of two threads that destroy a context one does, and the other gets -EINVAL',
      task: 2,
      kind: 'race',
      *setup(): Op<Recorded> {
        return { ...(yield* world()), results: {} };
      },
      tasks: { 'destroy/a': destroyRecorded('a'), 'destroy/b': destroyRecorded('b') },
      *check(w) {
        const { a, b } = w.results;
        expect_eq(
          (a ?? 1) + (b ?? 1),
          -EINVAL,
          'what the two calls of io_destroy() gave, together',
        );
        yield* allGone(w);
      },
    }),
    scenario({
      id: 'forged-vs-destroy',
      title: 'a handle that only looks like one is refused, even if its context is being destroyed',
      ...race1,
      tasks: {
        *submit() {
          expect_eq(yield* io_submit(yield* forge(0)), -EINVAL, 'io_submit() with a forged handle');
        },
        destroy,
      },
    }),
    scenario({
      id: 'submit-vs-remake',
      title:
        'the number of a context that goes is used again, and who looked for the old one does not get the new',
      ...race1,
      tasks: {
        *submit(w) {
          orGone(yield* io_submit(yield* idOf(w)), 0, 'io_submit()');
        },
        *remake(w) {
          yield* destroy(w);
          yield* settled(w);
        },
      },
      *check(w) {
        left(1);
        yield* works(w, yield* idOf(w, 1));
        yield* exits();
      },
    }),
    ...common,
  ];
});
