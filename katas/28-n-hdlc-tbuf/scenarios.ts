// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of a terminal that sends whole frames: a buffer is in one place, and a frame is sent once, in its turn, or thrown away. */
import {
  allocated,
  complete,
  DECLARE_COMPLETION,
  DEFINE_MUTEX,
  DEFINE_STATIC,
  EAGAIN,
  EBADF,
  EEXIST,
  EINVAL,
  EIO,
  ENFILE,
  ENOIOCTLCMD,
  ERESTARTSYS,
  expect_eq,
  expect_no_locks,
  expect_true,
  free_irq,
  GFP_KERNEL,
  int,
  IRQ_HANDLED,
  type irqreturn_t,
  kfree,
  kzalloc,
  mutex_lock,
  mutex_unlock,
  type Op,
  raise_irq,
  READ_ONCE,
  request_irq,
  scenario,
  settle,
  spin_lock_init,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  spinlock_t,
  struct,
  type StructOf,
  suite,
  wait_for_completion,
} from '#lib';

type Hdlc = typeof import('./n_hdlc');
type Tty = StructOf<Hdlc['tty_struct']>;

/** The driver of a line, and what has gone over it. */
const line = struct('line', {
  lock: spinlock_t,
  room: int /* for so many frames */,
  sent: int /* the numbers of the frames, a digit for each */,
});
type Line = StructOf<typeof line>;
const here = DEFINE_STATIC('here', line);
const there = DEFINE_STATIC('there', line);

const console_lock = DEFINE_MUTEX('console_lock');
const other_sent = DECLARE_COMPLETION('other_sent');

/** A line that takes whatever comes. */
const WIDE = 9;
const IRQ = 4;
/** How long a frame is. */
const long = (frame: number): number => 10 + frame;

export default suite<Hdlc>((hdlc) => {
  const { TCFLSH, TCIFLUSH, TCIOFLUSH, TCOFLUSH, TCOOFF, TCOON, TCXONC } = hdlc;

  /** The driver of a line takes a frame if it is not stopped and has room. */
  function* take(tty: Tty, on: Line, frame: number, count: number): Op<boolean> {
    expect_eq(count, long(frame), `the length of frame ${frame}`);
    const flags = yield* spin_lock_irqsave(on.lock);
    const takes = on.room > 0 && !(yield* READ_ONCE(tty, 'stopped'));
    if (takes) {
      on.room--;
      on.sent = 10 * on.sent + frame;
    }
    yield* spin_unlock_irqrestore(on.lock, flags);
    return takes;
  }
  function plain(on: Line): Tty['ops']['write'] {
    return function* (tty, frame, count) {
      return (yield* take(tty, on, frame, count)) ? count : 0;
    };
  }
  function* terminal(on: Line, room: number): Op<Tty> {
    const tty = yield* kzalloc(hdlc.tty_struct, GFP_KERNEL);
    if (tty === null) throw new Error('set-up code has no memory');
    yield* spin_lock_init(on.lock);
    on.room = room;
    yield* spin_lock_init(tty.flow_lock);
    tty.ops.write = plain(on);
    return tty;
  }
  function* opened(room = WIDE, on = here): Op<Tty> {
    const tty = yield* terminal(on, room);
    expect_eq(yield* hdlc.n_hdlc_tty_open(tty), 0, 'open()');
    return tty;
  }
  function* write(tty: Tty, frame: number, result = long(frame)): Op<void> {
    const written = yield* hdlc.n_hdlc_tty_write(tty, frame, long(frame));
    expect_eq(written, result, `write() of frame ${frame}`);
    expect_no_locks('n_hdlc_tty_write()');
  }
  function* ioctl(tty: Tty, cmd: number, arg: number, result = 0): Op<void> {
    expect_eq(yield* hdlc.n_hdlc_tty_ioctl(tty, cmd, arg), result, 'ioctl()');
    expect_no_locks('n_hdlc_tty_ioctl()');
  }
  const flush = (tty: Tty): Op<void> => ioctl(tty, TCFLSH, TCOFLUSH);
  const stop = (tty: Tty): Op<void> => ioctl(tty, TCXONC, TCOOFF);
  const start = (tty: Tty): Op<void> => ioctl(tty, TCXONC, TCOON);

  /** A stopped terminal with so many frames that wait. */
  function* waiting(frames: number, on = here): Op<Tty> {
    const tty = yield* opened(WIDE, on);
    yield* stop(tty);
    for (let frame = 1; frame <= frames; frame++) yield* write(tty, frame);
    yield* settle();
    return tty;
  }
  /** A terminal whose line had no room for a frame, and has it by now. */
  function* full(frames: number, room: number): Op<Tty> {
    const tty = yield* opened(0);
    for (let frame = 1; frame <= frames; frame++) yield* write(tty, frame);
    yield* settle();
    here.room = room;
    return tty;
  }

  /** The line takes what still waits. Then these have been sent. */
  function* drained(tty: Tty, sent: readonly number[], on = here): Op<void> {
    yield* settle();
    on.room = WIDE;
    yield* start(tty);
    yield* hdlc.tty_wakeup(tty);
    yield* settle();
    expect_true(sent.includes(on.sent), `sent: ${on.sent}, which is none of ${sent.join()}`);
    on.sent = 0;
  }
  /** Each buffer can be had once, and a frame in it is sent. */
  function* whole(tty: Tty): Op<void> {
    yield* stop(tty);
    yield* write(tty, 1);
    yield* write(tty, 2);
    yield* write(tty, 3, -EAGAIN);
    yield* drained(tty, [12]);
  }
  function* closed(tty: Tty): Op<void> {
    yield* hdlc.n_hdlc_tty_close(tty);
    yield* settle();
    yield* kfree(tty);
    expect_eq(allocated(hdlc.n_hdlc_buf), 0, 'buffers that are left');
    expect_eq(allocated(hdlc.n_hdlc), 0, 'line disciplines that are left');
  }
  /** One of these has been sent, and nothing waits, as the line takes whatever comes. */
  function sent(...frames: readonly number[]): (tty: Tty) => Op<void> {
    return function* (tty) {
      yield* settle();
      expect_true(
        frames.includes(here.sent),
        `sent: ${here.sent}, which is none of ${frames.join()}`,
      );
      here.sent = 0;
      yield* sends(0)(tty);
    };
  }
  /** One of these has been sent when the line asks again, and then the terminal is as good as new. */
  function sends(...sent: readonly number[]): (tty: Tty) => Op<void> {
    return function* (tty) {
      yield* drained(tty, sent);
      yield* whole(tty);
      yield* closed(tty);
    };
  }

  const race = { task: 1, kind: 'race' } as const;
  const order = { task: 2, kind: 'overfix' } as const;
  const before = { task: 3, kind: 'overfix' } as const;

  return [
    scenario({
      ...race,
      id: 'flush-vs-start',
      title: 'a frame is thrown away while the line is started, or sent',
      setup: () => waiting(1),
      tasks: { flush, start },
      check: sent(0, 1),
    }),
    scenario({
      ...race,
      id: 'flush-vs-refused',
      title:
        'two frames are thrown away while the line refuses them; one may stay, and then it is sent',
      setup: () => full(2, 0),
      tasks: { flush, wakeup: (tty) => hdlc.tty_wakeup(tty) },
      *check(tty) {
        yield* write(tty, 3);
        const second = yield* hdlc.n_hdlc_tty_write(tty, 3, long(3));
        yield* sends(...(second === long(3) ? [33] : [13, 23]))(tty);
      },
    }),
    scenario({
      ...race,
      id: 'flush-vs-write',
      title: 'another frame is written while what waits is thrown away',
      setup: () => full(1, WIDE),
      tasks: { flush, write: (tty) => write(tty, 2) },
      check: sent(0, 1, 2, 12),
    }),
    scenario({
      ...race,
      id: 'two-flushes',
      title: 'two throw away what waits, and each buffer is free once',
      setup: () => waiting(2),
      tasks: { 'flush/a': flush, 'flush/b': flush },
      alike: [['flush/a', 'flush/b']],
      check: sends(0),
    }),
    scenario({
      ...race,
      id: 'flush-then-write',
      title: 'what is written after the flush is sent',
      setup: () => waiting(2),
      tasks: {
        *user(tty) {
          yield* flush(tty);
          yield* write(tty, 3);
        },
        start,
      },
      check: sent(3, 13, 23, 123),
    }),
    scenario({
      ...race,
      ...fill(0),
      id: 'flush-and-fill',
      title: 'both buffers are filled again after the flush, while the line refuses a frame',
    }),
    scenario({
      ...race,
      ...fill(-ERESTARTSYS),
      id: 'rolled-back-vs-flush',
      title: 'so they are while the driver of the line gives a frame up',
    }),
    scenario({
      ...race,
      id: 'all-the-way',
      title: 'a frame is written while the line stands still, and flushed at any moment',
      setup: () => opened(),
      tasks: {
        *user(tty) {
          yield* stop(tty);
          yield* write(tty, 1);
          yield* start(tty);
        },
        flush,
      },
      check: sends(0, 1),
    }),
    scenario({
      ...race,
      id: 'interrupt-vs-flush',
      title:
        'the line has room for a frame, and says so in an interrupt while what waits is thrown away',
      setup: () => interrupting(2),
      tasks: { flush, line: interrupt },
      *check(tty) {
        yield* free_irq(IRQ, tty);
        yield* sends(0, 1, 2, 12)(tty);
      },
    }),
    scenario({
      ...order,
      id: 'start-vs-write',
      title: 'a frame is written while the line is started: both are sent, in their order',
      setup: () => waiting(1),
      tasks: { start, write: (tty) => write(tty, 2) },
      check: sent(12),
    }),
    scenario({
      ...order,
      id: 'stop-and-start',
      title: 'a frame is sent also if the line is stopped and started meanwhile',
      setup: () => opened(),
      tasks: {
        write: (tty) => write(tty, 1),
        *flow(tty) {
          yield* stop(tty);
          yield* start(tty);
        },
      },
      check: sends(1),
    }),
    scenario({
      ...order,
      id: 'interrupt-vs-write',
      title: 'it says so while another frame is written: both are sent, when there is room',
      setup: () => interrupting(1),
      tasks: {
        write: (tty) => write(tty, 2),
        line: interrupt,
      },
      *check(tty) {
        yield* free_irq(IRQ, tty);
        yield* settle();
        expect_eq(here.sent, 1, 'sent when there was room for one');
        yield* sends(12)(tty);
      },
    }),
    scenario({
      ...order,
      id: 'interrupt-vs-first',
      title: 'so it does while the first frame is written, for which there was no room',
      setup: () => interrupting(0),
      tasks: { write: (tty) => write(tty, 1), line: interrupt },
      *check(tty) {
        yield* free_irq(IRQ, tty);
        yield* sent(1)(tty);
      },
    }),
    scenario({
      ...order,
      id: 'room-vs-write',
      title: 'the line takes two frames while a third one is written, and that comes last',
      *setup() {
        return { tty: yield* full(2, WIDE), third: 0 };
      },
      tasks: {
        *write(w) {
          w.third = yield* hdlc.n_hdlc_tty_write(w.tty, 3, long(3));
        },
        wakeup: ({ tty }) => hdlc.tty_wakeup(tty),
      },
      *check({ tty, third }) {
        yield* sent(third === long(3) ? 123 : 12)(tty);
      },
    }),
    scenario({
      ...order,
      id: 'flush-empties',
      title: 'what waits is thrown away, and its buffers can be used again',
      setup: () => waiting(2),
      tasks: {
        *user(tty) {
          yield* flush(tty);
          yield* write(tty, 3);
        },
      },
      check: sends(3),
    }),
    scenario({
      ...order,
      kind: 'function',
      id: 'flush-both',
      title: 'so it is if input and output are thrown away',
      setup: () => waiting(2),
      tasks: { user: (tty) => ioctl(tty, TCFLSH, TCIOFLUSH) },
      check: sends(0),
    }),
    scenario({
      ...order,
      kind: 'function',
      id: 'flush-nothing',
      title: 'nothing is thrown away that nobody asked for',
      setup: () => waiting(2),
      tasks: {
        *user(tty) {
          yield* ioctl(tty, TCFLSH, TCIFLUSH);
          yield* ioctl(tty, TCFLSH, 3, -EINVAL);
          yield* ioctl(tty, TCXONC, 2, -EINVAL);
          yield* ioctl(tty, TCOFLUSH, TCOFLUSH, -ENOIOCTLCMD);
        },
      },
      check: sends(12),
    }),
    scenario({
      ...order,
      kind: 'function',
      id: 'broken-line',
      title:
        'a frame at which the driver of the line fails is thrown away, and the next one is sent',
      *setup() {
        const tty = yield* opened();
        const good = tty.ops.write;
        tty.ops.write = (of, frame, count) => (frame === 1 ? broken() : good(of, frame, count));
        return tty;
      },
      tasks: { user: both },
      *check(tty) {
        tty.ops.write = plain(here);
        yield* sends(2)(tty);
      },
    }),
    scenario({
      ...order,
      kind: 'function',
      id: 'rolled-back',
      title:
        'a frame that the driver has given up is kept for the next time, and so is one that it took in part',
      setup: () => opened(),
      tasks: {},
      *check(tty) {
        for (const refusal of [-ERESTARTSYS, long(1) - 1]) {
          here.room = 0;
          tty.ops.write = function* (of, frame, count) {
            return (yield* take(of, here, frame, count)) ? count : refusal;
          };
          yield* both(tty);
          yield* drained(tty, [12]);
        }
        yield* sends(0)(tty);
      },
    }),
    scenario({
      ...before,
      id: 'wakes-in-write',
      title: 'the driver of the line asks for more before its write() has returned',
      *setup() {
        const tty = yield* waiting(1);
        tty.ops.write = function* (of, frame, count) {
          if (!(yield* take(of, here, frame, count))) return 0;
          yield* hdlc.tty_wakeup(of);
          return count;
        };
        return tty;
      },
      tasks: { start, write: (tty) => write(tty, 2) },
      check: sent(12),
    }),
    scenario({
      ...before,
      id: 'console',
      title: 'the driver of the line sleeps in its write() when a user writes',
      *setup() {
        const tty = yield* opened();
        tty.ops.write = function* (of, frame, count) {
          yield* mutex_lock(console_lock);
          const takes = yield* take(of, here, frame, count);
          yield* mutex_unlock(console_lock);
          return takes ? count : 0;
        };
        return tty;
      },
      tasks: { write: (tty) => write(tty, 1), flush },
      *check(tty) {
        yield* settle();
        tty.ops.write = plain(here);
        yield* sends(0, 1)(tty);
      },
    }),
    scenario({
      ...before,
      id: 'other-terminal',
      title: 'while one line sleeps, another one sends',
      *setup() {
        const tty = yield* opened();
        tty.ops.write = function* (of, frame, count) {
          yield* wait_for_completion(other_sent);
          return (yield* take(of, here, frame, count)) ? count : 0;
        };
        return { tty, other: yield* waiting(1, there) };
      },
      tasks: {
        write: ({ tty }) => write(tty, 1),
        *other({ other }) {
          yield* start(other);
          yield* write(other, 2);
          yield* flush(other);
          yield* complete(other_sent);
        },
      },
      *check({ tty, other }) {
        yield* drained(other, [0, 1, 12], there);
        yield* hdlc.n_hdlc_tty_close(other);
        yield* kfree(other);
        tty.ops.write = plain(here);
        yield* sends(1)(tty);
      },
    }),
    scenario({
      ...before,
      id: 'start-then-close',
      title: 'a terminal is closed when its line has just been started',
      setup: () => waiting(2),
      tasks: {
        *user(tty) {
          yield* start(tty);
          yield* hdlc.n_hdlc_tty_close(tty);
        },
      },
      check: closed,
    }),
    scenario({
      ...before,
      kind: 'function',
      id: 'close-and-open',
      title: 'a terminal that is closed may be opened again, once',
      setup: () => waiting(2),
      tasks: {
        *user(tty) {
          expect_eq(yield* hdlc.n_hdlc_tty_open(tty), -EEXIST, 'open() of an open terminal');
          yield* hdlc.n_hdlc_tty_close(tty);
          yield* hdlc.n_hdlc_tty_close(tty);
          yield* write(tty, 1, -EIO);
          yield* ioctl(tty, TCFLSH, TCOFLUSH, -EBADF);
          yield* hdlc.tty_wakeup(tty);
          expect_eq(yield* hdlc.n_hdlc_tty_open(tty), 0, 'open()');
        },
      },
      check: sends(0),
    }),
    scenario({
      ...before,
      kind: 'function',
      id: 'no-memory',
      title: 'without memory a terminal is not opened, or has fewer buffers',
      setup: () => terminal(here, 0),
      failures: { kzalloc: 1, kmalloc: 2 },
      tasks: {
        *user(tty) {
          const err = yield* hdlc.n_hdlc_tty_open(tty);
          if (err === 0) yield* few(tty);
          else expect_eq(err, -ENFILE, 'open() without memory');
        },
      },
      check: closed,
    }),
  ];

  /** A frame is thrown away, and both buffers are filled again, while the driver of the line says this of a frame that it does not take. */
  function fill(refusal: number) {
    interface Filled {
      readonly tty: Tty;
      second: number;
    }
    return {
      *setup(): Op<Filled> {
        const tty = yield* full(1, 0);
        tty.ops.write = function* (of, frame, count) {
          return (yield* take(of, here, frame, count)) ? count : refusal;
        };
        return { tty, second: 0 };
      },
      tasks: {
        *user(w: Filled): Op<void> {
          yield* flush(w.tty);
          yield* write(w.tty, 3);
          w.second = yield* hdlc.n_hdlc_tty_write(w.tty, 3, long(3));
        },
        wakeup: ({ tty }: Filled) => hdlc.tty_wakeup(tty),
      },
      *check({ tty, second }: Filled): Op<void> {
        yield* sends(...(second === long(3) ? [33] : [3, 13]))(tty);
      },
    };
  }
  /** A terminal whose line has had no room for frames, and says in an interrupt when it has. */
  function* interrupting(frames: number): Op<Tty> {
    const tty = yield* full(frames, 0);
    yield* request_irq(IRQ, sent_one, 0, 'line', tty);
    return tty;
  }
  function interrupt(): Op<void> {
    return raise_irq(IRQ);
  }
  function* both(tty: Tty): Op<void> {
    yield* write(tty, 1);
    yield* write(tty, 2);
  }
  function* broken(): Op<number> {
    return -EIO;
  }
  /** As many frames are written as there are buffers, twice. */
  function* few(tty: Tty): Op<void> {
    const buffers = allocated(hdlc.n_hdlc_buf);
    for (let turn = 0; turn < 2; turn++) {
      for (let frame = 1; frame <= buffers; frame++) yield* write(tty, frame);
      yield* write(tty, 3, -EAGAIN);
      yield* flush(tty);
    }
  }

  function* sent_one(_irq: number, dev: object | null): Op<irqreturn_t> {
    const flags = yield* spin_lock_irqsave(here.lock);
    here.room++;
    yield* spin_unlock_irqrestore(here.lock, flags);
    yield* hdlc.tty_wakeup(dev as Tty);
    return IRQ_HANDLED;
  }
});
