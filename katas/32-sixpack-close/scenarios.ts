// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of terminals that are network interfaces: no interrupt waits for the task that it interrupts, and nobody uses what is closed. */
import {
  allocated,
  bool,
  DEFINE_STATIC,
  del_timer_sync,
  EBUSY,
  EFAULT,
  ENOBUFS,
  ENODEV,
  ENOIOCTLCMD,
  ENOMEM,
  ENXIO,
  expect_eq,
  expect_no_locks,
  expect_true,
  free_irq,
  type Handle,
  int,
  IRQ_HANDLED,
  type irqreturn_t,
  irqs_disabled,
  local_irq_restore,
  local_irq_save,
  mod_timer,
  type Op,
  ptr,
  raise_irq,
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
  timer_list,
  timer_setup,
  user_alloc,
  user_read,
} from '#lib';

type Sixpack = typeof import('./sixpack');
type Tty = StructOf<Sixpack['tty_struct']>;

/** A serial port. */
const uart_port = struct('uart_port', {
  lock: spinlock_t /* the interrupt and the timer of the port hold it */,
  fifo_lock: spinlock_t,
  irq: int,
  room: int /* for so many bytes */,
  sent: int,
  open: bool /* somebody may send; protected by fifo_lock */,
});
type Port = StructOf<typeof uart_port>;
const com1 = DEFINE_STATIC('com1', uart_port);
const com2 = DEFINE_STATIC('com2', uart_port);

/** The timer of a port. */
const backup_timer = struct('backup_timer', { timer: timer_list, tty: ptr<Handle>() });
const timed = DEFINE_STATIC('timed', backup_timer);

/** A terminal, the port that its line is at, and its interface. */
interface Line {
  readonly port: Port;
  readonly tty: Tty;
  readonly ifindex: number;
}

/** How long a frame is; so many interrupts send it, as the port has room for one byte at first. */
const LONG = 2;

export default suite<Sixpack>((driver) => {
  function* write(port: Port, frame: number, count: number): Op<number> {
    const flags = yield* spin_lock_irqsave(port.fifo_lock);
    expect_true(port.open, 'a terminal sends although sixpack_close() has returned');
    expect_eq(frame, port.irq, 'the frame that is sent');
    const takes = Math.min(port.room, count);
    port.room -= takes;
    port.sent += takes;
    yield* spin_unlock_irqrestore(port.fifo_lock, flags);
    return takes;
  }
  /** serial8250_tx_chars(): the port has sent a byte, and has room for another one. */
  function* tx_chars(port: Port, tty: Tty): Op<void> {
    yield* room(port, tty);
    expect_true(irqs_disabled(), 'tty_wakeup() has enabled interrupts');
  }
  function* room(port: Port, tty: Tty): Op<void> {
    const flags = yield* spin_lock_irqsave(port.fifo_lock);
    port.room = 1;
    yield* spin_unlock_irqrestore(port.fifo_lock, flags);
    yield* driver.tty_wakeup(tty);
  }
  /** serial8250_handle_irq() */
  function* interrupt(irq: number, tty: Handle | null): Op<irqreturn_t> {
    const port = irq === com1.irq ? com1 : com2;
    const flags = yield* spin_lock_irqsave(port.lock);
    yield* tx_chars(port, tty as Tty); // what request_irq() was given
    yield* spin_unlock_irqrestore(port.lock, flags);
    return IRQ_HANDLED;
  }

  /** A terminal that is not open. */
  function* terminal(port = com1, irq = 4): Op<Tty> {
    const tty = yield* driver.alloc_tty_struct();
    if (tty === null) throw new Error('set-up code has no memory');
    yield* spin_lock_init(port.lock);
    yield* spin_lock_init(port.fifo_lock);
    port.irq = irq;
    port.room = 1;
    port.sent = 0;
    tty.ops.write = (_tty, frame, count) => write(port, frame, count);
    return tty;
  }
  function* setOpen(port: Port, open: boolean): Op<void> {
    const flags = yield* spin_lock_irqsave(port.fifo_lock);
    port.open = open;
    yield* spin_unlock_irqrestore(port.fifo_lock, flags);
  }
  function* open(tty: Tty, port: Port): Op<void> {
    yield* setOpen(port, true);
    expect_eq(yield* driver.sixpack_open(tty), 0, 'open()');
    expect_no_locks('sixpack_open()');
  }
  function* close({ tty, port }: Omit<Line, 'ifindex'>): Op<void> {
    yield* driver.sixpack_close(tty);
    expect_no_locks('sixpack_close()');
    yield* setOpen(port, false);
  }
  function* ioctl(tty: Tty, cmd = driver.SIOCGIFNAME): Op<[err: number, ifindex: number]> {
    const arg = yield* user_alloc(driver.ifreq);
    const err = yield* driver.sixpack_ioctl(tty, cmd, arg);
    expect_no_locks('sixpack_ioctl()');
    return [err, yield* user_read(arg, 'ifr_ifindex')];
  }
  function* name({ tty, ifindex }: Line): Op<void> {
    const [err, found] = yield* ioctl(tty);
    expect_eq(err, 0, 'ioctl(SIOCGIFNAME)');
    expect_eq(found, ifindex, 'the number of the interface');
  }
  /** Asks for the name of a terminal, which may fail in this way, or in that. */
  function* nameOr({ tty, ifindex }: Line, ...errors: readonly number[]): Op<void> {
    const [err, found] = yield* ioctl(tty);
    if (err === 0) expect_eq(found, ifindex, 'the number of the interface');
    else expect_true(errors.includes(err), `ioctl() gives ${err}`);
  }
  const nameOrClosed = (line: Line): Op<void> => nameOr(line, -ENXIO, -EFAULT);
  const nameOrFault = (line: Line): Op<void> => nameOr(line, -EFAULT);
  function* receive({ tty }: Line): Op<void> {
    yield* driver.sixpack_receive_buf(tty, 3);
    expect_no_locks('sixpack_receive_buf()');
  }
  function* xmit({ ifindex, port }: Line, err = 0): Op<void> {
    expect_eq(yield* driver.dev_queue_xmit(ifindex, port.irq, LONG), err, 'sending a frame');
    expect_no_locks('dev_queue_xmit()');
  }
  /** A terminal that has sent the first byte of a frame. */
  function* opened(port = com1, irq = 4): Op<Line> {
    const tty = yield* terminal(port, irq);
    yield* open(tty, port);
    const [err, ifindex] = yield* ioctl(tty);
    expect_eq(err, 0, 'ioctl(SIOCGIFNAME)');
    const line = { port, tty, ifindex };
    yield* xmit(line);
    yield* request_irq(irq, interrupt, 0, 'serial', tty);
    return line;
  }
  const another = (): Op<Line> => opened(com2, 3);
  const ready = ({ port }: Line): Op<void> => raise_irq(port.irq);

  /** The rest of the frame is sent, another one can be sent, and the interface counts both. */
  function* works(line: Line): Op<void> {
    const { port, ifindex } = line;
    for (const frames of [1, 2]) {
      for (let i = 0; i <= LONG; i++) {
        yield* ready(line);
        yield* settle();
      }
      expect_eq(port.sent, LONG * frames, 'bytes sent');
      const stats = yield* driver.dev_get_stats(ifindex);
      expect_eq(stats?.tx_packets, frames, 'frames that the interface has sent');
      if (frames === 1) yield* xmit(line);
    }
  }
  /** One interrupt was enough for the rest of the frame. */
  function* sent({ port }: Line): Op<void> {
    yield* settle();
    expect_eq(port.sent, LONG, 'bytes sent when the line had room for the rest of the frame');
  }
  /** The terminal is closed, and so it stays: nobody sends, and nothing is left. */
  function* closed(line: Line): Op<void> {
    const { tty, port } = line;
    yield* settle();
    const { sent } = port;
    yield* ready(line);
    yield* settle();
    expect_eq(port.sent, sent, 'bytes sent by a terminal that is closed');
    expect_eq((yield* ioctl(tty))[0], -ENXIO, 'ioctl() of a terminal that is closed');
    yield* receive(line);
    yield* driver.tty_wakeup(tty);
    yield* free(line);
    yield* settle();
  }
  /** Its interrupts do not come any more, and it is freed. */
  function* free({ tty, port }: Line): Op<void> {
    yield* free_irq(port.irq, tty);
    yield* driver.free_tty_struct(tty);
    expect_no_locks('free_tty_struct()');
  }
  function nothing(): void {
    for (const type of [driver.net_device, driver.sp_buff, driver.tty_struct])
      expect_eq(allocated(type), 0, `${type.typeName} that are left`);
  }
  /** The terminal works. Then it is closed. */
  function* end(line: Line): Op<void> {
    yield* works(line);
    yield* close(line);
    yield* closed(line);
    nothing();
  }
  function* ended(line: Line): Op<void> {
    yield* closed(line);
    nothing();
  }

  /** The backup timer of the port, for a chip that forgets to interrupt: serial8250_backup_timeout(). */
  function* backup(): Op<void> {
    const { tty } = timed;
    if (tty === null) return;
    const flags = yield* spin_lock_irqsave(com2.lock);
    yield* tx_chars(com2, tty as Tty); // backed() has put it there
    yield* spin_unlock_irqrestore(com2.lock, flags);
  }
  /** The port interrupts as something has changed at the line; there is no more room than before. */
  function* status(irq: number): Op<irqreturn_t> {
    const port = irq === com1.irq ? com1 : com2;
    const flags = yield* spin_lock_irqsave(port.lock);
    yield* spin_unlock_irqrestore(port.lock, flags);
    return IRQ_HANDLED;
  }
  /** An adapter at the USB: what has been sent is said in a softirq, with no lock held. */
  function* usb(): Op<void> {
    const { tty } = timed;
    if (tty !== null) yield* room(com2, tty as Tty); // backed() has put it there
  }
  /** A terminal whose line has room when the timer says so. */
  function* backed(says = backup): Op<Line> {
    const line = yield* opened(com2, 3);
    yield* free_irq(3, line.tty);
    yield* request_irq(3, status, 0, 'serial', line.tty);
    timed.tty = line.tty;
    yield* timer_setup(timed.timer, says, 0);
    return line;
  }
  const expires = (): Op<number> => mod_timer(timed.timer, 1);
  /** Its timer is stopped, and its interrupts are those of other ports. */
  function* plain({ tty }: Line): Op<void> {
    yield* settle();
    yield* del_timer_sync(timed.timer);
    timed.tty = null;
    yield* free_irq(3, tty);
    yield* request_irq(3, interrupt, 0, 'serial', tty);
  }

  const race = { task: 1, kind: 'race' } as const;
  const after = { task: 2, kind: 'race' } as const;
  const before = { task: 3, kind: 'function' } as const;

  /** Two terminals. */
  function* two(): Op<{ one: Line; other: Line }> {
    return { one: yield* opened(), other: yield* another() };
  }
  function* endBoth({ one, other }: { one: Line; other: Line }): Op<void> {
    yield* sent(other);
    yield* closed(one);
    yield* end(other);
  }

  return [
    scenario({
      ...race,
      id: 'interrupt-vs-close',
      title: 'a terminal is closed while its line has room for the rest of a frame',
      setup: () => opened(),
      tasks: { close, line: ready },
      check: ended,
    }),
    scenario({
      ...race,
      id: 'other-interrupt',
      title: 'a terminal is closed while the line of another one has room',
      setup: two,
      tasks: { close: ({ one }) => close(one), line: ({ other }) => ready(other) },
      check: endBoth,
    }),
    scenario({
      ...race,
      id: 'closed-before',
      title:
        'a line has room after another terminal was closed, and lockdep sees nothing wrong in that',
      *setup() {
        const lines = yield* two();
        yield* close(lines.one);
        return lines;
      },
      tasks: { line: ({ other }) => ready(other) },
      check: endBoth,
    }),
    scenario({
      ...race,
      id: 'timer-vs-close',
      title:
        'a terminal is closed while the timer of another port says that there is room, and the port interrupts',
      expiries: { timer: 1 },
      *setup() {
        return { one: yield* opened(), other: yield* backed() };
      },
      tasks: {
        close: ({ one }) => close(one),
        *line({ other }) {
          yield* expires();
          yield* ready(other);
        },
      },
      *check(lines) {
        yield* plain(lines.other);
        yield* endBoth(lines);
      },
    }),
    scenario({
      ...race,
      id: 'timer-before',
      title:
        'a port interrupts, its timer expires, a terminal is closed, and lockdep sees nothing wrong in that',
      *setup() {
        const lines = { one: yield* opened(), other: yield* backed() };
        yield* ready(lines.other);
        yield* settle();
        yield* expires();
        yield* settle();
        return lines;
      },
      tasks: { close: ({ one }) => close(one) },
      *check(lines) {
        yield* plain(lines.other);
        yield* endBoth(lines);
      },
    }),
    scenario({
      ...race,
      id: 'usb-vs-interrupt',
      title: 'two lines have room, which one of them says in a softirq that may be interrupted',
      expiries: { timer: 1 },
      *setup() {
        return { one: yield* opened(), other: yield* backed(usb) };
      },
      tasks: { usb: expires, line: ({ one }) => ready(one) },
      *check({ one, other }) {
        yield* sent(one);
        yield* plain(other);
        yield* close(one);
        yield* endBoth({ one, other });
      },
    }),
    scenario({
      ...race,
      id: 'irqs-off',
      title: 'a driver that has turned interrupts off has room, while another terminal is closed',
      setup: two,
      tasks: {
        close: ({ one }) => close(one),
        *driver({ other }) {
          const flags = yield* local_irq_save();
          yield* tx_chars(other.port, other.tty);
          yield* local_irq_restore(flags);
        },
      },
      check: endBoth,
    }),
    scenario({
      ...race,
      id: 'interrupt-vs-ioctl',
      title: 'somebody asks for the name of a terminal while lines have room',
      setup: two,
      tasks: {
        ioctl: ({ one }) => name(one),
        *line({ one, other }) {
          yield* ready(one);
          yield* ready(other);
        },
      },
      *check({ one, other }) {
        yield* sent(one);
        yield* works(one);
        yield* close(one);
        yield* endBoth({ one, other });
      },
    }),
    scenario({
      ...race,
      id: 'interrupt-vs-receive',
      title: 'bytes come while lines have room',
      setup: two,
      tasks: { worker: ({ one }) => receive(one), line: ({ other }) => ready(other) },
      *check({ one, other }) {
        expect_eq((yield* driver.dev_get_stats(one.ifindex))?.rx_bytes, 3, 'bytes that have come');
        yield* close(one);
        yield* endBoth({ one, other });
      },
    }),
    scenario({
      ...race,
      id: 'interrupt-vs-two-closes',
      title: 'two terminals are closed while the lines of both have room',
      setup: two,
      tasks: {
        'close/1': ({ one }) => close(one),
        'close/2': ({ other }) => close(other),
        line: ({ one }) => ready(one),
      },
      *check({ one, other }) {
        yield* closed(one);
        yield* closed(other);
        nothing();
      },
    }),
    scenario({
      ...after,
      id: 'ioctl-vs-close',
      title: 'a terminal is closed while somebody asks for its name',
      setup: () => opened(),
      failures: { put_user: 1 },
      tasks: { close, ioctl: nameOrClosed },
      check: ended,
    }),
    scenario({
      ...after,
      id: 'receive-vs-close',
      title: 'a terminal is closed while bytes come',
      setup: () => opened(),
      tasks: { close, worker: receive },
      check: ended,
    }),
    scenario({
      ...after,
      id: 'all-vs-close',
      title: 'a terminal is closed while somebody asks for its name, and its line has room',
      setup: () => opened(),
      tasks: { close, ioctl: nameOrClosed, line: ready },
      check: ended,
    }),
    scenario({
      ...after,
      id: 'last-interrupt-vs-close',
      title: 'a terminal is closed while its line says that all has been sent',
      *setup() {
        const line = yield* opened();
        yield* ready(line);
        yield* settle();
        return line;
      },
      tasks: { close, line: ready },
      check: ended,
    }),
    scenario({
      ...after,
      id: 'freed',
      title: 'a terminal is closed and freed when its line had room a moment ago',
      setup: () => opened(),
      tasks: {
        *user(line) {
          yield* close(line);
          yield* free(line);
        },
        line: () => raise_irq(4),
      },
      *check() {
        yield* settle();
        nothing();
      },
    }),
    scenario({
      ...after,
      kind: 'function',
      id: 'closed-twice',
      title: 'what is closed is closed, and may be closed again',
      setup: () => opened(),
      tasks: {
        *user(line) {
          yield* close(line);
          yield* close(line);
          yield* xmit(line, -ENODEV);
        },
      },
      check: ended,
    }),
    scenario({
      ...after,
      kind: 'function',
      id: 'never-opened',
      title: 'a terminal that was never opened has no name, and sends nothing',
      *setup() {
        const tty = yield* terminal();
        yield* request_irq(4, interrupt, 0, 'serial', tty);
        return { port: com1, tty, ifindex: 0 };
      },
      tasks: { close, line: ready },
      check: ended,
    }),
    scenario({
      ...after,
      kind: 'function',
      id: 'no-memory',
      title: 'without memory a terminal is not opened, and nothing is left',
      setup: () => terminal(),
      failures: { kzalloc: 1, kmalloc: 1 },
      tasks: {
        *user(tty) {
          const err = yield* driver.sixpack_open(tty);
          expect_no_locks('sixpack_open()');
          if (err !== 0) expect_true(err === -ENOMEM || err === -ENOBUFS, `open() gives ${err}`);
          else yield* close({ tty, port: com1 });
          expect_eq((yield* ioctl(tty))[0], -ENXIO, 'ioctl() of a terminal that is not open');
        },
      },
      *check(tty) {
        yield* settle();
        yield* driver.free_tty_struct(tty);
        yield* settle();
        nothing();
      },
    }),
    scenario({
      ...before,
      id: 'frame',
      title: 'a frame is sent as fast as the line takes it, and then the next one',
      setup: () => opened(),
      tasks: {
        *user(line) {
          yield* xmit(line, -EBUSY);
        },
        line: ready,
      },
      *check(line) {
        yield* sent(line);
        yield* end(line);
      },
    }),
    scenario({
      ...before,
      id: 'two-lines',
      title: 'two lines have room at the same time',
      setup: two,
      tasks: { 'line/1': ({ one }) => ready(one), 'line/2': ({ other }) => ready(other) },
      *check({ one, other }) {
        yield* sent(one);
        yield* close(one);
        yield* endBoth({ one, other });
      },
    }),
    scenario({
      ...before,
      id: 'names',
      title: 'each terminal has a name of its own, and an ioctl() that it does not know is refused',
      setup: two,
      failures: { put_user: 1 },
      tasks: {
        *user({ one, other }) {
          yield* nameOrFault(one);
          yield* nameOrFault(other);
          expect_eq((yield* ioctl(one.tty, 0))[0], -ENOIOCTLCMD, 'another ioctl()');
          yield* driver.sixpack_receive_buf(one.tty, 0);
        },
      },
      *check({ one, other }) {
        yield* ready(other);
        yield* close(one);
        yield* endBoth({ one, other });
      },
    }),
    scenario({
      ...before,
      id: 'opened-again',
      title: 'a terminal that was closed may be opened again, while another line has room',
      *setup() {
        const { one, other } = yield* two();
        yield* close(one);
        yield* settle();
        return { one, other };
      },
      tasks: {
        *user({ one }) {
          one.port.room = 1;
          yield* open(one.tty, one.port);
          yield* name(one);
          yield* driver.tty_wakeup(one.tty);
          const stats = yield* driver.dev_get_stats(one.ifindex);
          expect_eq(stats?.tx_packets, 0, 'frames sent before the first one');
          yield* xmit(one);
        },
        line: ({ other }) => ready(other),
      },
      *check({ one, other }) {
        yield* settle();
        one.port.sent--;
        yield* works(one);
        yield* close(one);
        yield* endBoth({ one, other });
      },
    }),
  ];
});
