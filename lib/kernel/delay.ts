// SPDX-License-Identifier: GPL-2.0-only
/** Sleeping and waiting for a while. After include/linux/delay.h. Others may do anything or nothing meanwhile: there is no clock. */
import { type Kind, type Op, request } from '../machine';
import { hasSlept, msecs_to_jiffies } from './jiffies';

type Waits = Kind<null, [time: number], void>;

/** Sleeps; so many ticks pass at least. */
function sleeps(name: string, ticksOf: (time: number) => number): Waits {
  return {
    name,
    access: 'none',
    announce: (machine, task, { site }) => machine.mightSleep(task, name, site),
    perform(_machine, task, { a: time }) {
      hasSlept(task, ticksOf(time));
    },
  };
}

/** Keeps the CPU busy: others go on meanwhile, or do not. */
function busy(name: string): Waits {
  return { name, access: 'none', perform: () => undefined };
}

const MSLEEP = sleeps('msleep', (msecs) => msecs_to_jiffies(msecs) + 1);
const SSLEEP = sleeps('ssleep', (seconds) => msecs_to_jiffies(seconds * 1000) + 1);
const USLEEP = sleeps('usleep_range', (usecs) => msecs_to_jiffies(Math.floor(usecs / 1000)));
const MDELAY = busy('mdelay');
const UDELAY = busy('udelay');
const NDELAY = busy('ndelay');

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

/**
 * msleep() in seconds.
 *
 * @param seconds seconds
 * @kernel include/linux/delay.h
 * @context process context only; may sleep
 * @ordering none
 */
export function ssleep(seconds: number): Op<void> {
  return request(SSLEEP, null, seconds);
}

/**
 * Sleeps for some microseconds. It orders nothing.
 *
 * @example
 * yield* usleep_range(10, 20);
 * yield* ssleep(1);
 * yield* mdelay(1);
 * yield* udelay(10);
 * yield* ndelay(100);
 * @param min microseconds
 * @param max microseconds, by which it should be over
 * @kernel include/linux/delay.h
 * @context process context only; may sleep
 * @ordering none
 */
export function usleep_range(min: number, max: number): Op<void> {
  return request(USLEEP, null, Math.min(min, max));
}

/**
 * Waits for some milliseconds and keeps the CPU meanwhile. It orders nothing.
 *
 * @param msecs milliseconds
 * @kernel include/linux/delay.h
 * @context any; does not sleep
 * @ordering none
 */
export function mdelay(msecs: number): Op<void> {
  return request(MDELAY, null, msecs);
}

/**
 * mdelay() in microseconds. A loop that polls with it is explored as it stands; with cpu_relax() turns that see nothing new are left
 * out.
 *
 * @param usecs microseconds
 * @kernel include/linux/delay.h
 * @context any; does not sleep
 * @ordering none
 */
export function udelay(usecs: number): Op<void> {
  return request(UDELAY, null, usecs);
}

/**
 * mdelay() in nanoseconds.
 *
 * @param nsecs nanoseconds
 * @kernel include/linux/delay.h
 * @context any; does not sleep
 * @ordering none
 */
export function ndelay(nsecs: number): Op<void> {
  return request(NDELAY, null, nsecs);
}
