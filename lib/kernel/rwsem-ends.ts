// SPDX-License-Identifier: GPL-2.0-only
/** Waiting for a reader-writer semaphore until a signal comes. After include/linux/rwsem.h. */
import { composite, objectOf, type Op, request } from '../machine';
import { EINTR } from './err';
import { orError } from './interruptible';
import { RWSEM, type rw_semaphore } from './rwsem';
import { endingBy } from './wait-ends';

const READ_INTERRUPTIBLE = endingBy('down_read_interruptible', 'signal', RWSEM.readLock);
const READ_KILLABLE = endingBy('down_read_killable', 'fatal_signal', RWSEM.readLock);
const WRITE_KILLABLE = endingBy('down_write_killable', 'fatal_signal', RWSEM.writeLock);

/**
 * Takes the semaphore for reading, sleeping while a writer holds it or until a signal comes.
 *
 * @example
 * const sem = DECLARE_RWSEM('sem');
 * function* open() {
 *   if ((yield* down_read_interruptible(sem)) !== 0) return -ERESTARTSYS;
 *   yield* up_read(sem);
 *   if ((yield* down_read_killable(sem)) !== 0) return -EINTR;
 *   yield* up_read(sem);
 *   if ((yield* down_write_killable(sem)) !== 0) return -EINTR;
 *   yield* up_write(sem);
 *   return 0;
 * }
 * yield* open(); // => 0
 * @returns 0 if it took it, -EINTR if a signal came: the semaphore is not held then
 * @kernel include/linux/rwsem.h
 * @context process context only; may sleep
 * @ordering acquire when it returns 0, none otherwise
 * @divergence signals come where a scenario lets `signal` fail; does not queue after a waiting writer
 */
export function down_read_interruptible(sem: rw_semaphore): Op<number> {
  const waiting = request(READ_INTERRUPTIBLE, objectOf(sem), 0);
  return composite('down_read_interruptible', orError(waiting, -EINTR));
}

/**
 * Takes the semaphore for reading, sleeping while a writer holds it or until a fatal signal comes.
 *
 * @returns 0 if it took it, -EINTR if a fatal signal came: the semaphore is not held then
 * @kernel include/linux/rwsem.h
 * @context process context only; may sleep
 * @ordering acquire when it returns 0, none otherwise
 * @divergence fatal signals come where a scenario lets `fatal_signal` fail; does not queue after a waiting writer
 */
export function down_read_killable(sem: rw_semaphore): Op<number> {
  const waiting = request(READ_KILLABLE, objectOf(sem), 0);
  return composite('down_read_killable', orError(waiting, -EINTR));
}

/**
 * Takes the semaphore for writing, sleeping while another task holds it or until a fatal signal comes.
 *
 * @returns 0 if it took it, -EINTR if a fatal signal came: the semaphore is not held then
 * @kernel include/linux/rwsem.h
 * @context process context only; may sleep
 * @ordering acquire when it returns 0, none otherwise
 * @divergence fatal signals come where a scenario lets `fatal_signal` fail
 */
export function down_write_killable(sem: rw_semaphore): Op<number> {
  const waiting = request(WRITE_KILLABLE, objectOf(sem), 0);
  return composite('down_write_killable', orError(waiting, -EINTR));
}
