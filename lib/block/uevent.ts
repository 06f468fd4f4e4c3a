// SPDX-License-Identifier: GPL-2.0-only
/** Messages to user space about new and removed disks. After lib/kobject_uevent.c: udev listens and reacts immediately. */
import { type Handle, type Kind, makeHandle, type Op, request, SyncObject } from '../machine';
import type { dev_t } from './kdev_t';

/** A message to user space about a new or removed disk. */
export interface uevent {
  /** What has happened to the disk. */
  readonly action: 'add' | 'remove';
  /** Its device number. */
  readonly dev: dev_t;
  /** Its name. */
  readonly disk_name: string;
}

interface Listener {
  readonly comm: string;
  readonly react: (event: uevent) => Op<unknown>;
}

class Uevents extends SyncObject {
  readonly typeName = 'uevent_sock';
  readonly handle: Handle = makeHandle(this);
  listeners: Listener[] = [];

  protected override reset(): void {
    super.reset();
    this.listeners = [];
  }
}

const sock = new Uevents().makeStatic('uevent_sock');

const SEND: Kind<null, [event: uevent], void> = {
  name: 'kobject_uevent',
  access: 'none',
  announce: (machine, task, { site }) => machine.mightSleep(task, 'kobject_uevent', site),
  perform(machine, task, { a: event }) {
    if (task.id === 0) return;
    for (const { comm, react } of sock.fresh().listeners) {
      machine.spawn(`${comm}/${event.action}`, () => react(event));
    }
  },
};

/** Sends a message: every listener reacts to it in its own task. */
export function kobject_uevent(event: uevent): Op<void> {
  return request(SEND, null, event);
}

/**
 * For set-up code: from now on each uevent starts a task that reacts to it, as udev does. Uevents of set-up code and of the final
 * check are ignored.
 *
 * @param comm name of the tasks
 * @param react the code of such a task; receives the uevent
 */
export function listenUevents(comm: string, react: (event: uevent) => Op<unknown>): void {
  sock.fresh().listeners.push({ comm, react });
}
