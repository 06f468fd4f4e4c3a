// SPDX-License-Identifier: GPL-2.0-only
/** Sleeping for a while. After include/linux/delay.h. Others may do anything or nothing meanwhile: there is no clock. */
import { type Kind, type Op, request } from '../machine';
import { hasSlept, msecs_to_jiffies } from './jiffies';

const MSLEEP: Kind<null, [msecs: number], void> = {
  name: 'msleep',
  access: 'none',
  announce: (machine, task, { site }) => machine.mightSleep(task, 'msleep', site),
  perform(_machine, task, { a: msecs }) {
    hasSlept(task, msecs_to_jiffies(msecs) + 1);
  },
};

/**
 * Sleeps for some milliseconds. It orders nothing: what another CPU was to do meanwhile may be done or not.
 *
 * @param msecs milliseconds
 * @kernel include/linux/delay.h
 * @context process context only; may sleep
 * @ordering none
 */
export function msleep(msecs: number): Op<void> {
  return request(MSLEEP, null, msecs);
}
