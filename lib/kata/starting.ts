// SPDX-License-Identifier: GPL-2.0-only
/** The second half of loading a driver: its file scope runs, and its exports are made ready for scenarios. */
import type { LinkedDriver } from '../driver';
import { instantiate } from '../driver/instantiate';
import { current, enterFunction, lastingFunction, leaveFunction } from '../machine';
import { checkedLib } from './checked-lib';
import { facadeOf } from './facade';
import { refused, type Refused } from './linking';

/** A driver that can be run. */
export interface Started {
  readonly ok: true;
  readonly driver: Readonly<Record<string, unknown>>;
}

/** Counts the turns of a driver's loops; a step that makes too many is cut off. */
function tick(): void {
  current.machine.turn();
}

/** Runs the file scope of a linked driver; `evaluate` where that is not to happen in this realm. */
export function startDriver(
  linked: LinkedDriver,
  shown: string,
  evaluate?: (code: string) => unknown,
): Started | Refused {
  try {
    const host = {
      lib: checkedLib,
      tick,
      declared: lastingFunction,
      enter: enterFunction,
      leave: leaveFunction,
      fileName: shown,
    };
    const driver = instantiate(linked, evaluate === undefined ? host : { ...host, evaluate });
    return { ok: true, driver: facadeOf(driver) };
  } catch (error) {
    return refused([`${shown}: the file scope fails: ${messageOf(error)}`]);
  }
}

/** What was thrown is the driver's: nothing of it is called. */
function messageOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'an exception';
  const message: unknown = Object.getOwnPropertyDescriptor(error, 'message')?.value;
  return typeof message === 'string' ? message.slice(0, 300) : 'an exception';
}
