// SPDX-License-Identifier: GPL-2.0-only
/** What scenarios ask of the IDRs of 2.6: whether their prepared layers have been given back. */
import { current, staticObjects } from '../machine';
import { Idr } from './idr';

/**
 * For final checks: how many layers from idr_pre_get() the IDRs at file scope keep. Both orders of the task that asks and an
 * idr_destroy() are explored.
 *
 * @returns the number of layers; those in use do not count
 */
export function idrLayersReady(): number {
  const { machine } = current;
  return staticObjects().reduce((layers, object) => {
    if (!(object instanceof Idr) || object.epoch !== machine.epoch) return layers;
    machine.touch(object.base, false);
    return layers + object.tree.free;
  }, 0);
}
