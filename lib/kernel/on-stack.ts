// SPDX-License-Identifier: GPL-2.0-only
/** Structures on a task's stack: `struct ctx_rq_wait wait;`. */
import {
  type AnyStruct,
  declareOnStack,
  type Fields,
  type Handle,
  type Kind,
  type Op,
  request,
  type StructHandle,
  type StructType,
  makeStruct,
} from '../machine';

const ON_STACK: Kind<null, [type: AnyStruct, name: string], Handle> = {
  name: 'DECLARE_STRUCT_ONSTACK',
  access: 'none',
  perform(machine, task, { a: type, b: name, site }) {
    const object = makeStruct(type);
    object.member = name;
    object.clear(false);
    declareOnStack(machine, task, object, site);
    return object.handle;
  },
};

/**
 * Makes a structure on the task's stack, with undefined contents: locks and similar members need their init functions. It dies
 * when the calling function returns.
 *
 * @example
 * const wait = struct('wait', { done: completion, id: int });
 * const w = yield* DECLARE_STRUCT_ONSTACK(wait, 'w');
 * yield* init_completion(w.done);
 * w.id = 3;
 * w.id; // => 3
 * @param name its name in reports
 * @returns the structure
 * @context any; does not sleep
 * @ordering none
 * @divergence an operation that returns the structure; in a scenario's own functions it lives as long as the task
 */
export function DECLARE_STRUCT_ONSTACK<F extends Fields>(
  type: StructType<F>,
  name: string,
): Op<StructHandle<F>> {
  return request(ON_STACK, null, type, name) as Op<StructHandle<F>>; // made by its type
}
