// SPDX-License-Identifier: GPL-2.0-only
/** The second half of loading a driver: runs its file scope and prepares its exports for scenarios. */
import type { LinkedDriver } from '../driver';
import { instantiate } from '../driver/instantiate';
import { current, enterFunction, lastingFunction, leaveFunction } from '../machine';
import { checkedLib, whileDeclaring } from './checked-lib';
import { facadeOf } from './facade';
import { refused, type Refused } from './linking';

/** A driver that can run. */
export interface Started {
  readonly ok: true;
  readonly driver: Readonly<Record<string, unknown>>;
}

/** Counts the iterations of a driver's loops; a step with too many is cut off. */
function tick(): void {
  current.machine.turn();
}

/** Runs the file scope of a linked driver; `evaluate` replaces the evaluation in this realm. */
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
    const realm = evaluate === undefined ? host : { ...host, evaluate };
    const driver = whileDeclaring(() => instantiate(linked, realm));
    return { ok: true, driver: facadeOf(driver) };
  } catch (error) {
    return refused([`${shown}: the file scope fails: ${messageOf(error)}`]);
  }
}

/** The driver made the thrown value, so none of its methods is called. */
function messageOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'an exception';
  const message: unknown = Object.getOwnPropertyDescriptor(error, 'message')?.value;
  return typeof message === 'string' ? message.slice(0, 300) : 'an exception';
}
