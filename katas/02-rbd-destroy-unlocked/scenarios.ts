// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of an rbd driver's clients when ending a session sleeps: the last user may not sleep with a lock held, and the
 * race that the lock prevented may not come back.
 */
import { suite } from '#lib';
import { rbdWorld } from '../worlds/rbd';

export default suite<typeof import('./rbd')>((rbd) => {
  const { race, works } = rbdWorld(rbd, { destroySleeps: true });
  return [...works(1), ...race(2)];
});
