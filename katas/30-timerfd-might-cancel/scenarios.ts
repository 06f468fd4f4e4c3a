// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of timers that are cancelled when the clock is set: each that asks for it is on the list, once, and no other. */
import {
  allocated,
  atomic_inc,
  atomic_read,
  anon_inode_getfd,
  CLOCK_MONOTONIC,
  CLOCK_REALTIME,
  close_fd,
  DEFINE_ATOMIC,
  DEFINE_FILE_OPERATIONS,
  EAGAIN,
  EBADF,
  ECANCELED,
  EINVAL,
  EMFILE,
  ENOMEM,
  expect_eq,
  expect_no_locks,
  expect_true,
  fget,
  fput,
  NR_OPEN_DEFAULT,
  type Op,
  scenario,
  settle,
  static_var,
  suite,
} from '#lib';

type Timerfd = typeof import('./timerfd');

/** A file that is not a timer. */
const other_fops = DEFINE_FILE_OPERATIONS('other_fops', {});

/** The result of a task, for the check. */
const given = static_var('given', 0);
const heard = DEFINE_ATOMIC('heard', 0);

/** A timer with this value is stopped, and can be cancelled all the same. */
const STOPPED = 0;
const ARMED = 5;

export default suite<Timerfd>((timerfd) => {
  const { TFD_TIMER_ABSTIME, O_NONBLOCK } = timerfd;
  const CANCEL_ON_SET = TFD_TIMER_ABSTIME | timerfd.TFD_TIMER_CANCEL_ON_SET;

  /** A new timer, which has not asked for anything: its descriptor. */
  function* create(clockid = CLOCK_REALTIME): Op<number> {
    const fd = yield* timerfd.timerfd_create(clockid);
    if (fd < 0) throw new Error('set-up code has no timer');
    return fd;
  }
  function* settime(fd: number, flags: number, it_value: number): Op<number> {
    const err = yield* timerfd.do_timerfd_settime(fd, flags, it_value);
    expect_no_locks('timerfd_settime()');
    return err;
  }
  function* set(fd: number, flags: number, it_value = STOPPED, err = 0): Op<void> {
    expect_eq(yield* settime(fd, flags, it_value), err, 'timerfd_settime()');
  }
  const ask = (fd: number): Op<void> => set(fd, CANCEL_ON_SET);
  const askAndArm = (fd: number): Op<void> => set(fd, CANCEL_ON_SET, ARMED);
  const forget = (fd: number): Op<void> => set(fd, TFD_TIMER_ABSTIME);
  /** Asks at a moment at which the clock is set. */
  function* askWhileSet(fd: number): Op<void> {
    given.value = yield* settime(fd, CANCEL_ON_SET, ARMED);
    expect_true(
      given.value === 0 || given.value === -ECANCELED,
      `timerfd_settime() gives ${given.value}`,
    );
  }
  /** Sets the timer of a descriptor that another task closes. */
  function setOrClosed(flags: number): (fd: number) => Op<void> {
    return function* (fd) {
      const err = yield* settime(fd, flags, STOPPED);
      expect_true(err === 0 || err === -EBADF, `timerfd_settime() gives ${err}`);
    };
  }
  function* asked(): Op<number> {
    const fd = yield* create();
    yield* ask(fd);
    return fd;
  }
  function* clock(offs: number): Op<void> {
    yield* timerfd.do_settimeofday64(offs);
    expect_no_locks('settimeofday()');
  }
  const clockIs = (offs: number) => (): Op<void> => clock(offs);
  function* read(fd: number, f_flags = O_NONBLOCK): Op<number> {
    const file = yield* fget(fd);
    if (file === null) return -EBADF;
    const ticks = yield* timerfd.timerfd_read(file, f_flags);
    expect_no_locks('read()');
    yield* fput(file);
    return ticks;
  }
  function* reads(fd: number, ticks: number, f_flags = O_NONBLOCK): Op<void> {
    expect_eq(yield* read(fd, f_flags), ticks, 'what read() gives');
  }
  /** The timer was cancelled, and says so once. */
  function* cancelled(fd: number): Op<void> {
    yield* reads(fd, -ECANCELED);
    yield* reads(fd, -EAGAIN);
  }
  function* close(fd: number): Op<void> {
    expect_eq(yield* close_fd(fd), 0, 'close()');
    expect_no_locks('close()');
  }
  /** Neither timers nor files are left, and nothing is on the list. */
  function* gone(): Op<void> {
    yield* settle();
    expect_eq(allocated(timerfd.timerfd_ctx), 0, 'timers that are left');
    yield* clock(99);
  }
  /** Whatever was asked before: the timer does what it is asked now. */
  function* works(fd: number): Op<void> {
    yield* ask(fd);
    yield* read(fd);
    yield* clock(20);
    yield* cancelled(fd);
    yield* forget(fd);
    yield* clock(21);
    yield* reads(fd, -EAGAIN);
    yield* ask(fd);
    yield* clock(22);
    yield* cancelled(fd);
    yield* close(fd);
    yield* gone();
  }
  function* armed(): Op<number> {
    const fd = yield* create();
    yield* askAndArm(fd);
    return fd;
  }
  function* hear(fd: number): Op<void> {
    const ticks = yield* read(fd);
    expect_true(ticks === -EAGAIN || ticks === -ECANCELED, `read() gives ${ticks}`);
    if (ticks === -ECANCELED) yield* atomic_inc(heard);
  }
  /** Waits, and sets the clock for another task that waits. */
  function* waitAndSet(fd: number): Op<void> {
    yield* reads(fd, -ECANCELED, 0);
    yield* clock(2);
  }
  /** Three timers are on the list, and one is not. The clock is set, and two of them have to hear of it. */
  const others = {
    task: 2,
    kind: 'race',
    *setup() {
      const [first, between, last] = [yield* asked(), yield* asked(), yield* asked()];
      return { first, between, last, other: yield* create() };
    },
    *check({
      first,
      between,
      last,
      other,
    }: Readonly<Record<'first' | 'between' | 'last' | 'other', number>>) {
      yield* cancelled(first);
      yield* cancelled(last);
      yield* close_fd(between);
      yield* close(other);
      yield* close(last);
      yield* works(first);
    },
  } as const;
  /** Of two tasks one asked last, and nobody knows which. */
  function* eitherWay(fd: number): Op<void> {
    yield* clock(10);
    const ticks = yield* read(fd);
    expect_true(ticks === -EAGAIN || ticks === -ECANCELED, `read() gives ${ticks}`);
    yield* works(fd);
  }

  return [
    scenario({
      id: 'ask-vs-ask',
      title: 'two tasks ask that a timer be cancelled, and it is on the list once',
      task: 1,
      kind: 'race',
      setup: () => create(),
      tasks: { 'ask/a': ask, 'ask/b': ask },
      alike: [['ask/a', 'ask/b']],
      *check(fd) {
        yield* clock(10);
        yield* cancelled(fd);
        yield* works(fd);
      },
    }),
    scenario({
      id: 'forget-vs-forget',
      title: 'two tasks ask for it no more, and it is taken off the list once',
      task: 1,
      kind: 'race',
      setup: asked,
      tasks: { 'forget/a': forget, 'forget/b': forget },
      alike: [['forget/a', 'forget/b']],
      *check(fd) {
        yield* clock(10);
        yield* reads(fd, -EAGAIN);
        yield* works(fd);
      },
    }),
    scenario({
      id: 'ask-vs-forget',
      title: 'one task asks for it, and one does not',
      task: 1,
      kind: 'race',
      setup: () => create(),
      tasks: { ask, forget },
      check: eitherWay,
    }),
    scenario({
      id: 'forget-vs-ask',
      title: 'so they do with a timer that is on the list already',
      task: 1,
      kind: 'race',
      setup: asked,
      tasks: { forget, ask },
      check: eitherWay,
    }),
    scenario({
      id: 'ask-vs-ask-vs-close',
      title: 'two tasks ask for it while a third one closes the timer',
      task: 1,
      kind: 'race',
      setup: () => create(),
      tasks: { 'ask/a': setOrClosed(CANCEL_ON_SET), 'ask/b': setOrClosed(CANCEL_ON_SET), close },
      alike: [['ask/a', 'ask/b']],
      check: gone,
    }),
    scenario({
      id: 'ask-vs-forget-vs-close',
      title: 'one task asks for it and one does not while a third one closes the timer',
      task: 1,
      kind: 'race',
      setup: () => create(),
      tasks: {
        ask: setOrClosed(CANCEL_ON_SET),
        forget: setOrClosed(TFD_TIMER_ABSTIME),
        close,
      },
      check: gone,
    }),
    scenario({
      id: 'ask-vs-ask-expires',
      title: 'two tasks ask for it, and the timer expires meanwhile',
      task: 1,
      kind: 'race',
      setup: () => create(),
      tasks: { 'ask/a': askAndArm, 'ask/b': askAndArm },
      alike: [['ask/a', 'ask/b']],
      *check(fd) {
        yield* reads(fd, 1);
        yield* clock(10);
        yield* cancelled(fd);
        yield* works(fd);
      },
    }),
    scenario({
      id: 'ask-vs-ask-vs-clock',
      title: 'two tasks ask for it while the clock is set',
      task: 1,
      kind: 'race',
      setup: () => create(),
      tasks: { 'ask/a': ask, 'ask/b': ask, clock: clockIs(1) },
      alike: [['ask/a', 'ask/b']],
      *check(fd) {
        yield* read(fd);
        yield* clock(10);
        yield* cancelled(fd);
        yield* works(fd);
      },
    }),
    scenario({
      id: 'forget-vs-forget-vs-clock',
      title: 'two tasks ask for it no more while the clock is set',
      task: 1,
      kind: 'race',
      setup: asked,
      tasks: { 'forget/a': forget, 'forget/b': forget, clock: clockIs(1) },
      alike: [['forget/a', 'forget/b']],
      *check(fd) {
        yield* read(fd);
        yield* clock(10);
        yield* reads(fd, -EAGAIN);
        yield* works(fd);
      },
    }),
    scenario({
      id: 'ask-vs-forget-vs-clock',
      title: 'one task asks for it and one does not while the clock is set',
      task: 1,
      kind: 'race',
      setup: () => create(),
      tasks: { ask, forget, clock: clockIs(1) },
      *check(fd) {
        yield* read(fd);
        yield* eitherWay(fd);
      },
    }),
    scenario({
      id: 'ask-then-clock',
      title: 'when a task has asked, the timer is cancelled, even if another one asks meanwhile',
      task: 2,
      kind: 'race',
      setup: () => create(),
      tasks: {
        ask,
        *'ask, then clock'(fd) {
          yield* ask(fd);
          yield* clock(1);
          yield* reads(fd, -ECANCELED);
        },
      },
      check: works,
    }),
    scenario({
      id: 'forget-then-clock',
      title:
        'when a task asks no more, the timer is not cancelled, even if another one asks no more meanwhile',
      task: 2,
      kind: 'race',
      setup: asked,
      tasks: {
        forget,
        *'forget, then clock'(fd) {
          yield* forget(fd);
          yield* clock(1);
          yield* reads(fd, -EAGAIN);
        },
      },
      check: works,
    }),
    scenario({
      id: 'clock-vs-ask',
      title: 'the clock is set while a task asks',
      task: 2,
      kind: 'overfix',
      setup: () => create(),
      tasks: { clock: clockIs(1), ask: askWhileSet },
      *check(fd) {
        const ticks = yield* read(fd);
        if (given.value === -ECANCELED) expect_true(ticks !== -ECANCELED, 'cancelled twice');
        yield* works(fd);
      },
    }),
    scenario({
      id: 'clock-vs-ask-again',
      title: 'a timer that asks again while the clock is set is cancelled once',
      task: 2,
      kind: 'overfix',
      setup: asked,
      tasks: { clock: clockIs(1), ask: askWhileSet },
      *check(fd) {
        const ticks = yield* read(fd);
        const times = [given.value, ticks].filter((each) => each === -ECANCELED).length;
        expect_eq(times, 1, 'how often the timer says that it was cancelled');
        yield* works(fd);
      },
    }),
    scenario({
      id: 'clock-vs-forget',
      title: 'the clock is set while a task asks no more',
      task: 2,
      kind: 'overfix',
      setup: asked,
      tasks: { clock: clockIs(1), forget },
      *check(fd) {
        expect_true((yield* read(fd)) !== -ECANCELED, 'cancelled, and did not ask');
        yield* works(fd);
      },
    }),
    scenario({
      id: 'clock-vs-close',
      title: 'the clock is set while the timer is closed',
      task: 2,
      kind: 'race',
      setup: asked,
      tasks: { clock: clockIs(2), close },
      check: gone,
    }),
    scenario({
      ...others,
      id: 'clock-vs-ask-of-another',
      title: 'timers on the list are cancelled, even if another one is put on it meanwhile',
      tasks: { clock: clockIs(1), ask: ({ other }) => ask(other) },
    }),
    scenario({
      ...others,
      id: 'clock-vs-forget-of-another',
      title: 'even if another one is taken off it',
      tasks: { clock: clockIs(1), forget: ({ between }) => forget(between) },
    }),
    scenario({
      ...others,
      id: 'clock-vs-close-of-another',
      title: 'even if another one is closed',
      tasks: { clock: clockIs(1), close: ({ between }) => close(between) },
    }),
    scenario({
      ...others,
      kind: 'overfix',
      id: 'each-its-own',
      title: 'tasks ask, ask no more and close, each with its own timer',
      tasks: {
        ask: ({ other }) => ask(other),
        forget: ({ between }) => forget(between),
        close: ({ first }) => close(first),
      },
      *check({ between, last, other }) {
        yield* clock(10);
        yield* reads(between, -EAGAIN);
        yield* cancelled(last);
        yield* cancelled(other);
        yield* close(between);
        yield* close(last);
        yield* works(other);
      },
    }),
    scenario({
      id: 'two-ask',
      title: 'two tasks ask, each for its own timer',
      task: 2,
      kind: 'overfix',
      *setup() {
        return { fd: yield* create(), other: yield* create() };
      },
      tasks: { 'ask/a': ({ fd }) => ask(fd), 'ask/b': ({ other }) => ask(other) },
      *check({ fd, other }) {
        yield* clock(10);
        yield* cancelled(fd);
        yield* cancelled(other);
        yield* close(other);
        yield* works(fd);
      },
    }),
    scenario({
      id: 'two-clocks',
      title: 'two tasks set the clock, and the timer says so once',
      task: 2,
      kind: 'overfix',
      setup: asked,
      tasks: { 'clock/a': clockIs(1), 'clock/b': clockIs(2) },
      *check(fd) {
        yield* cancelled(fd);
        yield* works(fd);
      },
    }),
    scenario({
      id: 'two-readers',
      title: 'of two tasks that read a cancelled timer one hears of it',
      task: 2,
      kind: 'overfix',
      *setup() {
        const fd = yield* asked();
        yield* clock(1);
        return fd;
      },
      tasks: { 'read/a': hear, 'read/b': hear },
      alike: [['read/a', 'read/b']],
      *check(fd) {
        expect_eq(yield* atomic_read(heard), 1, 'readers that have heard of it');
        yield* works(fd);
      },
    }),
    scenario({
      id: 'read-vs-ask',
      title: 'a task reads a timer while another one asks',
      task: 2,
      kind: 'overfix',
      setup: () => create(),
      tasks: { read: (fd) => reads(fd, -EAGAIN), ask },
      check: works,
    }),
    scenario({
      id: 'read-vs-forget',
      title: 'a task reads a timer while another one asks no more',
      task: 2,
      kind: 'overfix',
      setup: asked,
      tasks: { read: (fd) => reads(fd, -EAGAIN), forget },
      check: works,
    }),
    scenario({
      id: 'read-vs-clock',
      title: 'a task reads a timer while the clock is set, and the timer says so once',
      task: 2,
      kind: 'overfix',
      setup: asked,
      tasks: { clock: clockIs(1), read: hear },
      *check(fd) {
        yield* hear(fd);
        expect_eq(yield* atomic_read(heard), 1, 'readers that have heard of it');
        yield* works(fd);
      },
    }),
    scenario({
      id: 'who-asks',
      title:
        'a timer is cancelled only if it goes by the time of day, at an absolute time, and asks',
      task: 2,
      kind: 'function',
      *setup() {
        yield* clock(5);
        const fd = yield* create();
        const boot = yield* create(CLOCK_MONOTONIC);
        yield* ask(fd);
        yield* clock(0);
        yield* cancelled(fd);
        yield* forget(fd);
        yield* clock(1);
        yield* reads(fd, -EAGAIN);
        yield* ask(boot);
        yield* ask(fd);
        yield* reads(fd, -EAGAIN);
        yield* clock(2);
        yield* reads(boot, -EAGAIN);
        yield* cancelled(fd);
        yield* clock(2);
        yield* reads(fd, -EAGAIN);
        yield* set(fd, timerfd.TFD_TIMER_CANCEL_ON_SET);
        yield* clock(3);
        yield* reads(fd, -EAGAIN);
        yield* ask(fd);
        yield* ask(fd);
        yield* clock(4);
        yield* set(fd, CANCEL_ON_SET, ARMED, -ECANCELED);
        yield* ask(fd);
        yield* clock(5);
        yield* set(fd, TFD_TIMER_ABSTIME, ARMED);
        yield* forget(fd);
        yield* reads(fd, -EAGAIN);
        yield* close(boot);
        yield* works(fd);
      },
      tasks: {},
    }),
    scenario({
      id: 'waiting',
      title: "a task that waits for a timer hears that the clock was set, and is in nobody's way",
      task: 3,
      kind: 'overfix',
      *setup() {
        return { fd: yield* asked(), other: yield* create() };
      },
      tasks: {
        wait: ({ fd }) => reads(fd, -ECANCELED, 0),
        *user({ fd, other }) {
          yield* ask(other);
          yield* reads(other, -EAGAIN);
          yield* forget(other);
          yield* ask(fd);
          yield* clock(1);
        },
      },
      *check({ fd, other }) {
        yield* close(other);
        yield* works(fd);
      },
    }),
    scenario({
      id: 'two-wait',
      title: 'of two tasks that wait for a timer one hears of it, and the other one waits on',
      task: 3,
      kind: 'overfix',
      setup: asked,
      tasks: {
        'wait/a': waitAndSet,
        'wait/b': waitAndSet,
        clock: clockIs(1),
      },
      alike: [['wait/a', 'wait/b']],
      *check(fd) {
        yield* reads(fd, -EAGAIN);
        yield* works(fd);
      },
    }),
    scenario({
      id: 'waiting-vs-close',
      title: 'a task that waits for a timer hears of it even if the timer is closed',
      task: 3,
      kind: 'race',
      setup: asked,
      tasks: {
        *wait(fd) {
          const ticks = yield* read(fd, 0);
          expect_true(ticks === -ECANCELED || ticks === -EBADF, `read() gives ${ticks}`);
        },
        *close(fd) {
          yield* close(fd);
          yield* clock(1);
        },
      },
      check: gone,
    }),
    scenario({
      id: 'expires',
      title: 'a timer expires, and a task that waits for it goes on',
      task: 3,
      kind: 'overfix',
      setup: () => create(),
      tasks: {
        wait: (fd) => reads(fd, 1, 0),
        arm: askAndArm,
      },
      check: works,
    }),
    scenario({
      id: 'expires-when-cancelled',
      title: 'a timer that was cancelled before it is set expires',
      task: 3,
      kind: 'function',
      *setup() {
        const fd = yield* asked();
        yield* clock(1);
        return fd;
      },
      tasks: {
        *user(fd) {
          yield* set(fd, CANCEL_ON_SET, ARMED, -ECANCELED);
          yield* reads(fd, 1, 0);
        },
      },
      check: works,
    }),
    scenario({
      id: 'expires-vs-set',
      title: 'a timer is set again while it expires',
      task: 3,
      kind: 'overfix',
      setup: armed,
      tasks: { forget },
      *check(fd) {
        yield* reads(fd, -EAGAIN);
        yield* works(fd);
      },
    }),
    scenario({
      id: 'expires-vs-clock',
      title: 'the clock is set while a timer expires',
      task: 3,
      kind: 'overfix',
      setup: armed,
      tasks: { clock: clockIs(1) },
      *check(fd) {
        yield* cancelled(fd);
        yield* works(fd);
      },
    }),
    scenario({
      id: 'expires-vs-close',
      title: 'a timer is closed while it expires',
      task: 3,
      kind: 'overfix',
      setup: armed,
      tasks: { close },
      check: gone,
    }),
    scenario({
      id: 'two-create',
      title: 'two tasks make timers, and ask',
      task: 3,
      kind: 'overfix',
      tasks: { 'create/a': asked, 'create/b': asked },
      alike: [['create/a', 'create/b']],
      *check() {
        yield* clock(10);
        yield* cancelled(0);
        yield* cancelled(1);
        yield* close(1);
        yield* works(0);
      },
    }),
    scenario({
      id: 'create-and-close',
      title: 'a task makes a timer, and asks, while another task closes its own',
      task: 3,
      kind: 'overfix',
      setup: asked,
      tasks: {
        *create() {
          given.value = yield* asked();
        },
        close,
      },
      *check() {
        yield* clock(10);
        yield* cancelled(given.value);
        yield* works(given.value);
      },
    }),
    scenario({
      id: 'create-vs-guess',
      title: 'a task guesses the descriptor of a timer that is just being made, sets and closes it',
      task: 3,
      kind: 'race',
      tasks: {
        *create() {
          yield* create();
        },
        *close() {
          const err = yield* settime(0, CANCEL_ON_SET, STOPPED);
          expect_true(err === 0 || err === -EBADF, `timerfd_settime() gives ${err}`);
          yield* close_fd(0);
        },
      },
      *check() {
        yield* close_fd(0);
        yield* gone();
      },
    }),
    scenario({
      id: 'what-is-refused',
      title: 'what was refused is refused, with the same error',
      task: 3,
      kind: 'function',
      *setup() {
        expect_eq(yield* timerfd.timerfd_create(7), -EINVAL, 'timerfd_create()');
        const fd = yield* create();
        yield* set(fd, 4, STOPPED, -EINVAL);
        yield* set(fd, CANCEL_ON_SET, -1, -EINVAL);
        yield* set(fd + 1, CANCEL_ON_SET, STOPPED, -EBADF);
        const other = yield* anon_inode_getfd('[other]', other_fops, null, 0);
        yield* set(other, CANCEL_ON_SET, STOPPED, -EINVAL);
        yield* close(other);
        for (let open = 1; open < NR_OPEN_DEFAULT; open++) yield* create();
        expect_eq(yield* timerfd.timerfd_create(CLOCK_REALTIME), -EMFILE, 'timerfd_create()');
        for (let open = 1; open < NR_OPEN_DEFAULT; open++) yield* close(fd + open);
        yield* works(fd);
      },
      tasks: {},
    }),
    scenario({
      id: 'no-memory',
      title: 'without memory there is no timer, and one may try again',
      task: 3,
      kind: 'overfix',
      failures: { kzalloc: 1 },
      tasks: {
        clock: clockIs(1),
        *user() {
          const fd = yield* timerfd.timerfd_create(CLOCK_REALTIME);
          expect_true(fd === 0 || fd === -ENOMEM, `timerfd_create() gives ${fd}`);
          if (fd < 0) yield* ask(yield* create());
        },
      },
      *check() {
        yield* clock(10);
        yield* read(0);
        yield* works(0);
      },
    }),
  ];
});
