// SPDX-License-Identifier: GPL-2.0-only
/**
 * What must hold of an rbd driver's clients, whichever way two CPUs meet. Nothing here asks how the driver does it.
 */
import { suite } from '#lib';
import { rbdWorld } from '../worlds/rbd';

export default suite<typeof import('./rbd')>((rbd) => {
  const { race, works } = rbdWorld(rbd);
  return [...race(1), ...works(1)];
});
