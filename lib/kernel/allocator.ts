// SPDX-License-Identifier: GPL-2.0-only
/** How memory comes to be, for the functions that allocate. Not for drivers: a kind is how the machine performs an operation. */
import { type AnyStruct, type Handle, type Kind, makeStruct } from '../machine';
import { gfpflags_allow_blocking } from './gfp';
import { failed, outcomesOf } from './may-fail';

/** How memory is allocated by a function of that name, which a scenario may let fail. */
export function allocator(
  name: string,
  zeroed: boolean,
): Kind<null, [type: AnyStruct, flags: number], Handle | null> {
  return {
    name,
    access: 'none',
    outcomes: outcomesOf(name),
    announce(machine, task, { b: flags, site }) {
      if (gfpflags_allow_blocking(flags)) machine.mightSleep(task, name, site);
    },
    perform(machine, task, { a: type, site }) {
      if (failed(name, machine, task)) return null;
      const object = makeStruct(type);
      object.clear(zeroed);
      machine.allocate(object, site);
      return object.handle;
    },
  };
}
