// SPDX-License-Identifier: GPL-2.0-only
/** The drivers of major numbers. After register_blkdev() and unregister_blkdev() in block/genhd.c. */
import { EBUSY } from '../kernel';
import { failed, outcomesOf } from '../kernel/may-fail';
import { type Handle, type Kind, makeHandle, type Op, request, SyncObject } from '../machine';

class MajorNames extends SyncObject {
  readonly typeName = 'blk_major_name';
  readonly handle: Handle = makeHandle(this);
  readonly names = new Map<number, string>();

  protected override reset(): void {
    super.reset();
    this.names.clear();
  }
}

const majors = new MajorNames().makeStatic('major_names');

const REGISTER: Kind<MajorNames, [major: number, name: string], number> = {
  name: 'register_blkdev',
  access: 'write',
  outcomes: outcomesOf('register_blkdev'),
  announce: (machine, task, { site }) => machine.mightSleep(task, 'register_blkdev', site),
  perform(machine, task, { a, b }) {
    if (failed('register_blkdev', machine, task) || majors.names.has(a)) return -EBUSY;
    majors.names.set(a, b);
    return 0;
  },
};

const UNREGISTER: Kind<MajorNames, [major: number, name: string], void> = {
  name: 'unregister_blkdev',
  access: 'write',
  announce: (machine, task, { site }) => machine.mightSleep(task, 'unregister_blkdev', site),
  perform(machine, _task, { a, b, site }) {
    if (majors.names.get(a) === b) majors.names.delete(a);
    else machine.complain({ check: 'warn', message: '', object: null, site });
  },
};

/**
 * Reserves a major number for a driver.
 *
 * @param major the wanted number, from 1
 * @param name the driver's name, as in /proc/devices
 * @returns 0, or -EBUSY if another driver has it or if `register_blkdev` fails
 * @kernel include/linux/genhd.h
 * @context process context; may sleep
 * @ordering none
 * @divergence the caller chooses the number: a major of 0 is not supported
 */
export function register_blkdev(major: number, name: string): Op<number> {
  return request(REGISTER, majors, major, name);
}

/**
 * Releases a major number. Warns if the number does not belong to the driver.
 *
 * @param major the number
 * @param name the name it was registered under
 * @kernel include/linux/genhd.h
 * @context process context; may sleep
 * @ordering none
 */
export function unregister_blkdev(major: number, name: string): Op<void> {
  return request(UNREGISTER, majors, major, name);
}
