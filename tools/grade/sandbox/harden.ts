// SPDX-License-Identifier: GPL-2.0-only
/** Locks the library in a locked realm, before a driver is started there. Loaded once the realm is locked. */
import * as driverLib from '../../../lib/driver-lib';
import { checkedLib } from '../../../lib/kata/checked-lib';
import type { Realm } from './lock';

/** Freezes all that drivers can reach of it. */
export function hardenLibrary({ harden }: Realm): void {
  for (const lib of [driverLib, checkedLib]) Object.values(lib).forEach(harden);
}
