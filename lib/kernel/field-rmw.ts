// SPDX-License-Identifier: GPL-2.0-only
/** Read-modify-writes of plain fields, for xchg() and cmpxchg(). After include/linux/atomic/atomic-instrumented.h. */
import {
  type Effect,
  type Handle,
  type Kind,
  observe,
  type Op,
  type StructObject,
} from '../machine';
import { order, type Ordering } from './counter';
import { choosing, make, type Place, wrote } from './marked';
import { FIELD, onField } from './once';

/** Computes a new value from the old one; null keeps the old one. */
export type Update = (old: unknown) => { readonly value: unknown } | null;
/** 'noreturn' is relaxed and has no result, as atomic_inc(). */
export type UpdateOrdering = Ordering | 'noreturn';

type Updating = Kind<StructObject, [slot: number, update: Update]>;

const FAILED: Effect = { store: false, strength: 'relaxed' };

function kindOf(name: string, ordering: UpdateOrdering): Updating {
  const silent = ordering === 'noreturn';
  const strength = silent ? 'relaxed' : ordering;
  const done: Effect = { store: true, strength };
  const place: Place<StructObject, [slot: number, update: Update]> = {
    ...FIELD,
    load: true,
    store: true,
    silent,
    effect: (read, { b: update }) => (update(read) === null ? FAILED : done),
  };
  return {
    name,
    access: 'write',
    ...choosing(place),
    leaves: ({ object: memory, a: slot, b: update }) => update(memory.values[slot]) === null,
    perform(machine, task, request) {
      const { object: memory, a: slot, b: update } = request;
      const made = make(place, machine, task, request);
      const written = update(made.read);
      observe(task, made.from, silent);
      if (written === null) return made.read;
      if (made.newest) memory.values[slot] = written.value;
      order(machine, task, made, strength);
      wrote(made, written.value);
      return made.read;
    },
  };
}

const kinds = new Map<string, Updating>();

/** Updates a field indivisibly and returns its old value; `name` is what traces call it. */
export function updateField(
  object: Handle,
  field: string,
  update: Update,
  ordering: UpdateOrdering,
  name = 'update',
): Op<unknown> {
  const key = `${name} ${ordering}`;
  let kind = kinds.get(key);
  if (kind === undefined) kinds.set(key, (kind = kindOf(name, ordering)));
  return onField(kind, object, field, update);
}
