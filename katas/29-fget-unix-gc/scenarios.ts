// SPDX-License-Identifier: GPL-2.0-only
/** What must hold of open files and of the collector: a file that somebody finds is open, and what is open is not garbage. */
import {
  allocated,
  atomic_inc,
  atomic_read,
  complete,
  DECLARE_COMPLETION,
  DEFINE_ATOMIC,
  EBADF,
  EBUSY,
  EINVAL,
  EMFILE,
  ENOMEM,
  expect_eq,
  expect_no_locks,
  expect_true,
  type file,
  file_count,
  fput,
  type Op,
  scenario,
  settle,
  suite,
  wait_for_completion,
} from '#lib';

type Unix = typeof import('./file');

const looked = DECLARE_COMPLETION('looked');
const closed = DECLARE_COMPLETION('closed');
const closes = DEFINE_ATOMIC('closes', 0);

export default suite<Unix>((unix) => {
  /** A new socket: its descriptor. */
  function* socket(): Op<number> {
    const fd = yield* unix.unix_socket();
    if (fd < 0) throw new Error('set-up code has no socket');
    return fd;
  }
  function* mayOpen(): Op<void> {
    const fd = yield* unix.unix_socket();
    expect_no_locks('socket()');
    expect_true(fd >= 0 || fd === -ENOMEM, `socket() gives ${fd}`);
  }
  /** The file of a descriptor that is open; null is a mistake already. */
  function* open(fd: number): Op<file | null> {
    const file = yield* unix.fget(fd);
    expect_no_locks('fget()');
    expect_true(file !== null, `descriptor ${fd} is open, and fget() finds no file`);
    return file;
  }
  /** Sends the socket of one descriptor to that of another. */
  function* send(fd: number, to: number): Op<void> {
    const what = yield* open(fd);
    const receiver = yield* open(to);
    if (what === null || receiver === null) return;
    expect_eq(yield* unix.unix_stream_sendmsg(receiver, what), 0, 'sendmsg()');
    yield* fput(receiver);
    yield* fput(what);
  }
  /** Reads from a file, and is done with it. */
  function* read(file: file): Op<number> {
    const copied = yield* unix.unix_stream_recvmsg(file);
    expect_no_locks('recvmsg()');
    yield* fput(file);
    return copied;
  }
  /** There may be no file any more, or nothing to read: another task closes the descriptor. */
  function* mayRecv(fd: number): Op<void> {
    const file = yield* unix.fget(fd);
    expect_no_locks('fget()');
    if (file !== null) yield* read(file);
  }
  function* recv(fd: number, copied: number): Op<void> {
    const file = yield* open(fd);
    if (file !== null) expect_eq(yield* read(file), copied, 'what was read');
  }
  function* close(fd: number, result = 0): Op<void> {
    expect_eq(yield* unix.close_fd(fd), result, 'close()');
    expect_no_locks('close()');
  }
  function* mayClose(fd: number): Op<void> {
    const err = yield* unix.close_fd(fd);
    expect_no_locks('close()');
    expect_true(err === 0 || err === -EBADF, `close() gives ${err}`);
    if (err === 0) yield* atomic_inc(closes);
  }
  function* dup3(oldfd: number, newfd: number, result = newfd): Op<void> {
    expect_eq(yield* unix.ksys_dup3(oldfd, newfd), result, 'dup3()');
    expect_no_locks('dup3()');
  }
  function* collect(): Op<void> {
    yield* unix.unix_gc();
    expect_no_locks('unix_gc()');
  }
  /** A socket that has been sent to itself: its descriptor. */
  function* sentToItself(): Op<number> {
    const fd = yield* socket();
    yield* send(fd, fd);
    return fd;
  }
  function* closeAndCollect(fd: number): Op<void> {
    yield* close(fd);
    yield* collect();
  }
  /** Whatever is garbage at the end is collected. */
  function* nothingLeft(): Op<void> {
    yield* settle();
    yield* collect();
    yield* settle();
    expect_eq(allocated(unix.unix_sock), 0, 'sockets that are left');
  }

  function* lastClosed(fd: number): Op<void> {
    yield* close(fd);
    yield* nothingLeft();
  }
  /** A socket that has been sent to itself, and one that has not. */
  function* withAnother(): Op<{ readonly fd: number; readonly other: number }> {
    const fd = yield* sentToItself();
    return { fd, other: yield* socket() };
  }

  return [
    scenario({
      id: 'recv-vs-close',
      title:
        'the socket that a task reads from is not garbage, though another task closes it and collects',
      task: 1,
      kind: 'race',
      setup: sentToItself,
      tasks: { recv: mayRecv, close: closeAndCollect },
      check: nothingLeft,
    }),
    scenario({
      id: 'recv-vs-close-vs-gc',
      title: 'nor if a third task collects',
      task: 1,
      kind: 'race',
      setup: sentToItself,
      tasks: { recv: mayRecv, close: (fd) => close(fd), gc: collect },
      check: nothingLeft,
    }),
    scenario({
      id: 'recv-vs-dup',
      title: 'nor if its descriptor gets another file',
      task: 1,
      kind: 'race',
      setup: withAnother,
      tasks: {
        recv: ({ fd }) => mayRecv(fd),
        *dup({ fd, other }) {
          yield* dup3(other, fd);
          yield* collect();
        },
      },
      *check({ fd, other }) {
        yield* close(fd);
        yield* close(other);
        yield* nothingLeft();
      },
    }),
    scenario({
      id: 'recv-vs-dup-vs-gc',
      title: 'nor if a third task collects then',
      task: 1,
      kind: 'race',
      setup: withAnother,
      tasks: {
        recv: ({ fd }) => mayRecv(fd),
        dup: ({ fd, other }) => dup3(other, fd),
        gc: collect,
      },
      *check({ fd, other }) {
        yield* close(fd);
        yield* close(other);
        yield* nothingLeft();
      },
    }),
    scenario({
      id: 'recv-vs-dup-vs-close',
      title: 'nor if it gets one that is closed as well',
      task: 1,
      kind: 'race',
      *setup() {
        const other = yield* sentToItself();
        return { fd: yield* socket(), other };
      },
      tasks: {
        recv: ({ fd }) => mayRecv(fd),
        *dup({ fd, other }) {
          yield* dup3(other, fd);
          yield* close(other);
          yield* closeAndCollect(fd);
        },
      },
      check: nothingLeft,
    }),
    scenario({
      id: 'two-gets-vs-close',
      title: 'two tasks find a file, or none, while it is closed, and the last one frees it',
      task: 1,
      kind: 'race',
      setup: socket,
      tasks: { 'get/a': mayRecv, 'get/b': mayRecv, close: (fd) => close(fd) },
      alike: [['get/a', 'get/b']],
      check: nothingLeft,
    }),
    scenario({
      id: 'get-vs-dup',
      title: 'a descriptor that gets another file is open all the while',
      task: 2,
      kind: 'overfix',
      *setup() {
        return { fd: yield* socket(), other: yield* socket() };
      },
      tasks: {
        *get({ fd }) {
          const file = yield* open(fd);
          if (file !== null) yield* fput(file);
        },
        dup: ({ fd, other }) => dup3(other, fd),
      },
      *check({ fd, other }) {
        yield* recv(fd, 0);
        yield* close(fd);
        yield* close(other);
        yield* nothingLeft();
      },
    }),
    scenario({
      id: 'in-use',
      title: 'a file that is in use keeps nobody from closing it, and stays until it is not',
      task: 2,
      kind: 'overfix',
      setup: sentToItself,
      tasks: {
        *use(fd) {
          const file = yield* open(fd);
          yield* complete(looked);
          if (file === null) return;
          yield* wait_for_completion(closed);
          expect_eq(yield* file_count(file), 2, 'users of the file');
          expect_eq(yield* read(file), 1, 'what was read');
        },
        *close(fd) {
          yield* wait_for_completion(looked);
          yield* closeAndCollect(fd);
          yield* complete(closed);
        },
      },
      check: nothingLeft,
    }),
    scenario({
      id: 'what-is-refused',
      title: 'descriptors are given away, duplicated and refused as before',
      task: 2,
      kind: 'function',
      *setup() {
        expect_eq(yield* socket(), 0, 'the first descriptor');
        const fd = 0;
        yield* dup3(fd, fd, -EINVAL);
        yield* dup3(fd, -1, -EBADF);
        yield* dup3(fd, 8, -EBADF);
        yield* dup3(8, 8, -EINVAL);
        yield* close(-1, -EBADF);
        yield* close(8, -EBADF);
        yield* dup3(1, fd, -EBADF);
        yield* dup3(fd, 2);
        yield* dup3(2, 2, -EINVAL);
        expect_true(
          (yield* unix.fget(1)) === null,
          'descriptor 1 is closed, and fget() finds a file',
        );
        expect_true((yield* unix.fget(-1)) === null, 'fget(-1) finds a file');
        for (const free of [1, 3, 4, 5, 6, 7]) expect_eq(yield* socket(), free, 'a new descriptor');
        expect_eq(yield* unix.unix_socket(), -EMFILE, 'socket()');
        for (const taken of [0, 1, 3, 4, 5, 6, 7]) yield* close(taken);
        yield* close(0, -EBADF);
        const file = yield* open(2);
        if (file === null) return;
        expect_eq(yield* file_count(file), 2, 'users of the file');
        yield* fput(file);
        yield* close(2);
        expect_eq(yield* socket(), 0, 'a new descriptor');
        yield* close(0);
      },
      tasks: {},
      check: nothingLeft,
    }),
    scenario({
      id: 'reserved',
      title: 'a descriptor that is just being opened gets no other file',
      task: 2,
      kind: 'overfix',
      setup: socket,
      tasks: {
        *open() {
          yield* socket();
        },
        *dup(fd) {
          const result = yield* unix.ksys_dup3(fd, 1);
          expect_no_locks('dup3()');
          expect_true(result === 1 || result === -EBUSY, `dup3() gives ${result}`);
        },
      },
      *check(fd) {
        yield* close(fd);
        yield* close(1);
        const err = yield* unix.close_fd(2);
        expect_true(err === 0 || err === -EBADF, `close() gives ${err}`);
        yield* nothingLeft();
      },
    }),
    scenario({
      id: 'two-closers',
      title: 'two tasks close a descriptor, and one of them has closed it',
      task: 2,
      kind: 'overfix',
      setup: socket,
      tasks: { 'close/a': mayClose, 'close/b': mayClose },
      alike: [['close/a', 'close/b']],
      *check() {
        expect_eq(yield* atomic_read(closes), 1, 'times that it was closed');
        yield* nothingLeft();
      },
    }),
    scenario({
      id: 'close-vs-open',
      title: 'a descriptor is closed while another one is opened',
      task: 2,
      kind: 'overfix',
      *setup() {
        return { fd: yield* socket(), other: yield* socket() };
      },
      tasks: {
        close: ({ fd }) => close(fd),
        *open() {
          yield* socket();
        },
      },
      *check({ fd, other }) {
        yield* close(other);
        expect_eq(
          (yield* unix.close_fd(fd)) + (yield* unix.close_fd(2)),
          -EBADF,
          'close() of both',
        );
        yield* nothingLeft();
      },
    }),
    scenario({
      id: 'close-vs-dup',
      title: 'a descriptor is given another file while it is closed',
      task: 2,
      kind: 'overfix',
      *setup() {
        return { other: yield* socket(), fd: yield* socket() };
      },
      tasks: { close: ({ fd }) => close(fd), dup: ({ fd, other }) => dup3(other, fd) },
      *check({ fd, other }) {
        yield* close(other);
        const err = yield* unix.close_fd(fd);
        expect_true(err === 0 || err === -EBADF, `close() gives ${err}`);
        yield* nothingLeft();
      },
    }),
    scenario({
      id: 'no-memory',
      title: 'without memory there is no socket and no message, and one may try again',
      task: 2,
      kind: 'function',
      failures: { kzalloc: 1 },
      tasks: {
        *user() {
          const fd = yield* unix.unix_socket();
          expect_true(fd === 0 || fd === -ENOMEM, `socket() gives ${fd}`);
          if (fd < 0) expect_eq(yield* socket(), 0, 'a new descriptor');
          const file = yield* open(0);
          if (file === null) return;
          const err = yield* unix.unix_stream_sendmsg(file, file);
          expect_no_locks('sendmsg()');
          expect_true(err === 0 || err === -ENOMEM, `sendmsg() gives ${err}`);
          yield* fput(file);
          yield* collect();
          yield* recv(0, err === 0 ? 1 : 0);
          yield* close(0);
        },
      },
      check: nothingLeft,
    }),
    scenario({
      id: 'two-opens',
      title: 'two tasks open sockets, and one of them may have no memory',
      task: 2,
      kind: 'overfix',
      failures: { kzalloc: 1 },
      tasks: {
        open: mayOpen,
        *'open twice'() {
          yield* mayOpen();
          yield* mayOpen();
        },
      },
      *check() {
        for (const fd of [0, 1, 2]) yield* mayClose(fd);
        yield* nothingLeft();
      },
    }),
    scenario({
      id: 'recv-vs-gc',
      title: 'what an open socket has received is not collected',
      task: 3,
      kind: 'overfix',
      setup: sentToItself,
      tasks: { recv: (fd) => recv(fd, 1), gc: collect },
      check: lastClosed,
    }),
    scenario({
      id: 'recv-closed-vs-gc',
      title: 'nor a closed socket that lies in its queue',
      task: 3,
      kind: 'overfix',
      *setup() {
        const { fd, other } = yield* withAnother();
        yield* send(fd, other);
        yield* close(fd);
        return other;
      },
      tasks: { recv: (other) => recv(other, 1), gc: collect },
      check: lastClosed,
    }),
    scenario({
      id: 'recv-sent-once-vs-gc',
      title: 'nor one that lies nowhere else',
      task: 3,
      kind: 'overfix',
      *setup() {
        const [fd, other] = [yield* socket(), yield* socket()];
        yield* send(fd, other);
        yield* close(fd);
        return other;
      },
      tasks: { recv: (other) => recv(other, 1), gc: collect },
      check: lastClosed,
    }),
    scenario({
      id: 'recv-through-another',
      title: 'nor when one of its descriptors is closed, and another is not',
      task: 3,
      kind: 'overfix',
      *setup() {
        const fd = yield* sentToItself();
        yield* dup3(fd, 1);
        return fd;
      },
      tasks: { recv: () => recv(1, 1), close: closeAndCollect },
      check: () => lastClosed(1),
    }),
    scenario({
      id: 'two-collectors',
      title: 'two collect the same garbage',
      task: 3,
      kind: 'overfix',
      *setup() {
        yield* close(yield* sentToItself());
      },
      tasks: { 'gc/a': collect, 'gc/b': collect },
      alike: [['gc/a', 'gc/b']],
      *check() {
        yield* settle();
        expect_eq(allocated(unix.unix_sock), 0, 'sockets that are left');
      },
    }),
    scenario({
      id: 'two-collectors-vs-close',
      title: 'two collect while there comes to be garbage',
      task: 3,
      kind: 'overfix',
      setup: sentToItself,
      tasks: { 'gc/a': collect, 'gc/b': collect, close: (fd) => close(fd) },
      alike: [['gc/a', 'gc/b']],
      check: nothingLeft,
    }),
    scenario({
      id: 'send-vs-gc',
      title: 'one may send while another collects',
      task: 3,
      kind: 'overfix',
      setup: withAnother,
      tasks: { send: ({ fd, other }) => send(fd, other), close: collect },
      *check({ fd, other }) {
        yield* close(fd);
        yield* collect();
        yield* recv(other, 1);
        yield* close(other);
        yield* nothingLeft();
      },
    }),
    scenario({
      id: 'two-recv',
      title: 'two tasks read from a socket, and each reads another message',
      task: 3,
      kind: 'overfix',
      *setup() {
        const fd = yield* sentToItself();
        yield* send(fd, fd);
        return fd;
      },
      tasks: { 'recv/a': (fd) => recv(fd, 1), 'recv/b': (fd) => recv(fd, 1) },
      alike: [['recv/a', 'recv/b']],
      check: lastClosed,
    }),
    scenario({
      id: 'recv-vs-send',
      title: 'one may read while another sends',
      task: 3,
      kind: 'overfix',
      setup: socket,
      tasks: { recv: mayRecv, send: (fd) => send(fd, fd) },
      check: lastClosed,
    }),
    scenario({
      id: 'two-sends',
      title: 'two tasks send two sockets',
      task: 3,
      kind: 'overfix',
      *setup() {
        return { fd: yield* socket(), other: yield* socket() };
      },
      tasks: { 'send/a': ({ fd }) => send(fd, fd), 'send/b': ({ other }) => send(other, other) },
      *check({ fd, other }) {
        yield* close(fd);
        yield* close(other);
        yield* nothingLeft();
      },
    }),
    scenario({
      id: 'circle',
      title: 'sockets in each other are collected, and only if no other socket holds them',
      task: 3,
      kind: 'function',
      *setup() {
        const [a, b, c] = [yield* socket(), yield* socket(), yield* socket()];
        yield* send(a, b);
        yield* send(b, a);
        yield* send(b, c);
        yield* close(a);
        yield* collect();
        yield* closeAndCollect(b);
        yield* settle();
        expect_eq(allocated(unix.unix_sock), 3, 'sockets that can be received or are open');
        yield* recv(c, 1);
        yield* collect();
        yield* settle();
        expect_eq(allocated(unix.unix_sock), 1, 'sockets that are open');
        yield* recv(c, 0);
        yield* close(c);
      },
      tasks: {},
      check: nothingLeft,
    }),
    scenario({
      id: 'chain',
      title: 'what lies in a closed socket stays when that can still be received',
      task: 3,
      kind: 'function',
      *setup() {
        const [a, b, c] = [yield* socket(), yield* socket(), yield* socket()];
        yield* send(a, b);
        yield* send(b, c);
        yield* close(a);
        yield* closeAndCollect(b);
        yield* settle();
        expect_eq(allocated(unix.unix_sock), 3, 'sockets that can be received or are open');
        yield* recv(c, 1);
        yield* settle();
        expect_eq(allocated(unix.unix_sock), 1, 'sockets that are open');
        yield* close(c);
      },
      tasks: {},
      check: nothingLeft,
    }),
    scenario({
      id: 'in-garbage-too',
      title: 'a closed socket stays when it can be received, though it lies in garbage as well',
      task: 3,
      kind: 'function',
      *setup() {
        const [a, b, c] = [yield* socket(), yield* socket(), yield* socket()];
        yield* send(a, a);
        yield* send(b, a);
        yield* send(b, c);
        yield* close(a);
        yield* closeAndCollect(b);
        yield* settle();
        expect_eq(allocated(unix.unix_sock), 2, 'sockets that can be received or are open');
        yield* recv(c, 1);
        yield* settle();
        expect_eq(allocated(unix.unix_sock), 1, 'sockets that are open');
        yield* close(c);
      },
      tasks: {},
      check: nothingLeft,
    }),
    scenario({
      id: 'passed-on',
      title: 'what a closed socket has received goes with it, and so does what that has received',
      task: 3,
      kind: 'function',
      *setup() {
        const [a, b, c] = [yield* socket(), yield* socket(), yield* socket()];
        yield* send(a, b);
        yield* send(b, c);
        yield* send(b, c);
        yield* closeAndCollect(a);
        yield* closeAndCollect(b);
        yield* settle();
        expect_eq(allocated(unix.unix_sock), 3, 'sockets that can be received or are open');
        yield* close(c);
        yield* settle();
        expect_eq(allocated(unix.unix_sock), 0, 'sockets that are left');
      },
      tasks: {},
    }),
  ];
});
