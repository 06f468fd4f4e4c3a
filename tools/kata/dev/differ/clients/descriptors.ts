// SPDX-License-Identifier: GPL-2.0-only
/** Clients of file.ts: the threads of a process that has two sockets. The first one has been sent to itself. */
import type { Part } from './client';

export const descriptors: Part = {
  text: `interface World {
  readonly fds: readonly number[];
}
function* world(): Op<World> {
  const fds = [yield* driver.unix_socket(), yield* driver.unix_socket()];
  yield* send(0);
  return { fds };
}
function* send(fd: number): Op<number> {
  const file = yield* driver.fget(fd);
  if (file === null) return -EBADF;
  const ret = yield* driver.unix_stream_sendmsg(file, file);
  yield* fput(file);
  return ret;
}
function* receive(fd: number): Op<number> {
  const file = yield* driver.fget(fd);
  if (file === null) return -EBADF;
  const ret = yield* driver.unix_stream_recvmsg(file);
  yield* fput(file);
  return ret;
}
function* collect(): Op<string> {
  yield* driver.unix_gc();
  return 'collected';
}
function* left({ fds }: World): Op<number> {
  for (const fd of fds) yield* driver.close_fd(fd);
  yield* collect();
  yield* settle();
  return allocated(driver.unix_sock);
}`,
  calls: [
    'yield* receive(0)',
    'yield* driver.close_fd(0)',
    'yield* driver.ksys_dup3(1, 0)',
    'yield* collect()',
    'yield* send(1)',
  ],
  failures: { kzalloc: 1 },
  left: 'yield* left(w)',
};
