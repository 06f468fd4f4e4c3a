// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of the contexts of a process when one of its threads destroys a context that another finds in the table. The other
 * has a forged handle, and sees that the context is not the one it looks for. Nothing here asks how the driver waits.
 */
import { EFAULT, EINVAL, expect_eq, scenario, suite } from '#lib';
import { aioWorld, type World } from '../worlds/aio';

export default suite<typeof import('./aio')>((aio) => {
  const { oneContext, noContext, io_destroy, io_submit, io_getevents, ...rest } = aioWorld(aio);
  const { make, settled, idOf, destroy, works, forge, left, exits, allGone, common } = rest;

  const race1 = {
    task: 1,
    kind: 'race',
    setup: oneContext,
    check: (w: World) => allGone(w),
  } as const;

  return [
    scenario({
      id: 'submit-vs-destroy',
      title:
        'a context that a thread looks at is there until the thread has seen that it is another',
      ...race1,
      tasks: {
        *submit() {
          expect_eq(yield* io_submit(yield* forge(0)), -EINVAL, 'io_submit() with a forged handle');
        },
        destroy,
      },
    }),
    scenario({
      id: 'read-vs-destroy',
      title: 'a read for a context that is none is not carried out',
      ...race1,
      tasks: {
        *submit(w) {
          const ret = yield* io_submit(yield* forge(0), w.reads.slow);
          expect_eq(ret, -EINVAL, 'io_submit() with a forged handle');
        },
        destroy,
      },
    }),
    scenario({
      id: 'getevents-vs-destroy',
      title: 'nobody waits for the events of a context that is none',
      ...race1,
      tasks: {
        *getevents(w) {
          const ret = yield* io_getevents(yield* forge(0), 1, w.events, null);
          expect_eq(ret, -EINVAL, 'io_getevents() with a forged handle');
        },
        destroy,
      },
    }),
    scenario({
      id: 'poll-vs-destroy',
      title: 'nor does anybody get events of it who does not wait',
      ...race1,
      tasks: {
        *getevents(w) {
          const ret = yield* io_getevents(yield* forge(0), 0, w.events, 0);
          expect_eq(ret, -EINVAL, 'io_getevents() with a forged handle');
        },
        destroy,
      },
    }),
    scenario({
      id: 'destroy-vs-destroy',
      title: 'a context is destroyed by who has its handle, and not by who has one like it',
      ...race1,
      tasks: {
        *forger() {
          const ret = yield* io_destroy(yield* forge(0));
          expect_eq(ret, -EINVAL, 'io_destroy() with a forged handle');
        },
        destroy,
      },
    }),
    scenario({
      id: 'submit-vs-failed-setup',
      title:
        'a context that io_setup() has to take back was in the table, and others may look at it',
      ...race1,
      setup: noContext,
      failures: { put_user: 1 },
      tasks: {
        *setup(w) {
          const ret = yield* make(w);
          if (ret !== -EFAULT) expect_eq(ret, 0, 'io_setup()');
        },
        *submit() {
          expect_eq(yield* io_submit(yield* forge(0)), -EINVAL, 'io_submit() with a forged handle');
        },
      },
      *check(w) {
        left(w.contexts.length);
        yield* exits();
      },
    }),
    scenario({
      id: 'submit-vs-remake',
      title: 'a context goes and another gets its number while a thread looks at one of the two',
      ...race1,
      tasks: {
        *submit() {
          expect_eq(yield* io_submit(yield* forge(0)), -EINVAL, 'io_submit() with a forged handle');
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
