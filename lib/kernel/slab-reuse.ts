// SPDX-License-Identifier: GPL-2.0-only
/**
 * Reuse of freed memory. If a scenario asks for it, an allocation may get the memory of its type that was freed last: the same
 * pointer, with new contents. The explorer chooses. A task that still has the old pointer then sees the new object, and KASAN does
 * not notice, as in Linux after memory has left the quarantine.
 */
import {
  type AnyStruct,
  type Handle,
  type Kind,
  type Machine,
  makeHandle,
  type MachineObject,
  type Op,
  request,
  StructObject,
  SyncObject,
  writing,
} from '../machine';

/** Freed memory, latest last. One location, which every allocation and every free of a watched type writes. */
class FreeList extends SyncObject {
  readonly typeName = 'kmem_cache_cpu';
  readonly handle: Handle = makeHandle(this);
  types = new Set<string>();
  freed: StructObject[] = [];

  override get named(): null {
    return null;
  }

  protected override reset(): void {
    super.reset();
    this.types = new Set();
    this.freed = [];
  }
}

const list = new FreeList().makeStatic('slab_freelist');

/** Whether memory of this type may be reused. */
export function reusable(typeName: string): boolean {
  return list.fresh().types.has(typeName);
}

/** What freeing this object touches besides the object. */
export function freeing({ typeName }: MachineObject): number[] {
  return reusable(typeName) ? [writing(list.base)] : [];
}

/** Keeps memory that is being freed for a later allocation. */
export function keep(machine: Machine, object: MachineObject): void {
  if (!(object instanceof StructObject) || !reusable(object.typeName)) return;
  machine.release(machine.task, list, true);
  list.freed.push(object);
}

/** Removes the memory of a type that was freed last. */
function takeOut(typeName: string): StructObject | null {
  const { freed } = list;
  for (let i = freed.length - 1; i >= 0; i--) {
    if (freed[i]?.typeName === typeName) return freed.splice(i, 1)[0] ?? null;
  }
  return null;
}

/** Users of the new object do not acquire what was released on the old one. */
function forget(object: MachineObject): void {
  object.released = null;
  object.active = object.hint = '';
  if (!(object instanceof StructObject)) return;
  for (const member of object.members) forget(member);
}

function chooser(
  name: string,
  zeroed: boolean,
): Kind<FreeList, [type: AnyStruct, maySleep: boolean], Handle | null> {
  return {
    name: 'slab_reuse',
    access: 'write',
    outcomes: () => 2,
    announce(machine, task, { b: maySleep, site }) {
      if (maySleep) machine.mightSleep(task, name, site);
    },
    perform(machine, task, { a: type, site }) {
      const object = machine.outcome === 0 ? null : takeOut(type.typeName);
      if (object === null) return null;
      machine.acquire(task, list);
      for (let i = 0; i < object.size; i++) machine.touch(object.base + i, true);
      forget(object);
      object.clear(zeroed);
      machine.allocate(object, site);
      return object.handle;
    },
  };
}

const KMALLOC = chooser('kmalloc', false);
const KZALLOC = chooser('kzalloc', true);

/** The choice before an allocation: freed memory, or NULL for new memory. */
export function reuse(type: AnyStruct, zeroed: boolean, maySleep: boolean): Op<Handle | null> {
  return request(zeroed ? KZALLOC : KMALLOC, list, type, maySleep);
}

/**
 * For set-up code: from now on an allocation of this type may get freed memory, with the same pointer. Both outcomes are explored,
 * at every allocation of the type by a task of the scenario.
 *
 * @example
 * const client = struct('client', { id: int });
 * slabReuses(client);
 * const one = yield* kzalloc(client, GFP_KERNEL);
 * yield* kfree(one);
 * const two = yield* kzalloc(client, GFP_KERNEL);
 * yield* kfree(two);
 *
 * @param type the type of the structure
 */
export function slabReuses(type: { readonly typeName: string }): void {
  list.fresh().types.add(type.typeName);
}
