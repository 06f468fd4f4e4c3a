// SPDX-License-Identifier: GPL-2.0-only
/** Marked accesses to plain fields. After include/asm-generic/rwonce.h and barrier.h. */
import {
  type Effect,
  Handle,
  type Kind,
  type MachineObject,
  objectOf,
  observe,
  type Op,
  publish,
  type Releasing,
  type Request,
  requestAt,
  storable,
  Scalar,
  StructObject,
} from '../machine';
import { choosing, make, wrote } from './marked';

/** The fields of a handle that hold values; those of an array are its indices. */
export type FieldOf<H> = Exclude<keyof H, symbol>;

const RELAXED_LOAD: Effect = { store: false, strength: 'relaxed' };
const ACQUIRE_LOAD: Effect = { store: false, strength: 'acquire' };
const RELAXED_STORE: Effect = { store: true, strength: 'relaxed' };
const RELEASE_STORE: Effect = { store: true, strength: 'release' };

/** An operation on a field, with any second argument. */
type Field<V> = Request<StructObject, [slot: number, value: V]>;

/** Where the accesses of fields take place; shared with read-modify-writes. */
export const FIELD = {
  point: <V>({ object, a: slot }: Field<V>): Releasing => object.point(slot),
  now: <V>({ object, a: slot }: Field<V>): unknown => object.values[slot],
  pointerOf: (value: unknown): MachineObject | null =>
    Handle.is(value) ? objectOf(value).outermost : null,
};

/** A marked load. A 'dependency' orders accesses through the loaded pointer; the detectors treat it as an acquire. */
function load(
  name: string,
  ordering: 'relaxed' | 'acquire' | 'dependency',
): Kind<StructObject, [slot: number, condition: unknown]> {
  const effect = ordering === 'acquire' ? ACQUIRE_LOAD : RELAXED_LOAD;
  const place = { ...FIELD, load: true, store: false, effect: () => effect };
  return {
    name,
    access: 'read',
    field: true,
    ...choosing(place),
    perform(machine, task, request) {
      const { read, from } = make(place, machine, task, request);
      // The address dependency orders accesses through the pointer just read.
      if (ordering !== 'relaxed' || Handle.is(read)) machine.learn(task, from);
      else observe(task, from);
      return read;
    },
  };
}

function store(
  name: string,
  ordering: 'relaxed' | 'release',
): Kind<StructObject, [slot: number, value: unknown], void> {
  const effect = ordering === 'release' ? RELEASE_STORE : RELAXED_STORE;
  const place = { ...FIELD, load: false, store: true, effect: () => effect };
  return {
    name,
    access: 'write',
    field: true,
    ...choosing(place),
    perform(machine, task, request) {
      const { object: memory, a: slot, b: value } = request;
      const made = make(place, machine, task, request);
      if (made.newest) memory.values[slot] = value;
      if (ordering === 'release') machine.passOn(task, made.from);
      else publish(task, made.from, made.location);
      wrote(made, value);
    },
  };
}

const READ = load('READ_ONCE', 'relaxed');
const WRITE = store('WRITE_ONCE', 'relaxed');
const LOAD_ACQUIRE = load('smp_load_acquire', 'acquire');
const STORE_RELEASE = store('smp_store_release', 'release');

/** An operation on one field, with the field's slot as its first argument. Headers with operations on single fields share it. */
export function fieldRequest<V, R>(
  kind: Kind<StructObject, [slot: number, value: V], R>,
  handle: Handle,
  field: string | number,
  value: NoInfer<V>,
): Op<R> {
  storable(value);
  return onField(kind, handle, field, value);
}

/** The same with a value of ours that no structure could hold. */
export function onField<V, R>(
  kind: Kind<StructObject, [slot: number, value: V], R>,
  handle: Handle,
  field: string | number,
  value: NoInfer<V>,
): Op<R> {
  const object = objectOf(handle);
  if (!(object instanceof StructObject))
    throw new TypeError(`${kind.name}: not a field of a structure`);
  // Asked once: what is not a name yet could be another one by the next time.
  if (typeof field !== 'string' && typeof field !== 'number')
    throw new TypeError(`${kind.name}: a field is named by a text or a number`);
  const name = String(field);
  const slot = object.slot(name, kind.access !== 'read');
  if (!Scalar.is(object.layout.fields[name]))
    throw new TypeError(`${kind.name}: ${name} is embedded`);
  return requestAt(kind, object, object.offset(slot), slot, value);
}

/** A marked load of one field, under the name of its kind. */
export function fieldLoad<H extends Handle, K extends FieldOf<H>>(
  kind: ReturnType<typeof load>,
  object: H,
  field: K,
  condition?: boolean,
): Op<H[K]> {
  return fieldRequest(kind, object, field, condition) as Op<H[K]>; // structures keep what fits the types of their fields
}

/** A marked load, for headers that give the same access another name. */
export const markedLoad = load;
/** A marked store, likewise. */
export const markedStore = store;

/**
 * Reads a field once: another CPU may change it at the same time, and the compiler may not read it twice.
 *
 * @example
 * const device = struct('device', { dead: bool });
 * const one = DEFINE_STATIC('one', device);
 * const b = yield* spawn_task('b', () => WRITE_ONCE(one, 'dead', true));
 * yield* READ_ONCE(one, 'dead');
 * yield* join(b);
 * yield* READ_ONCE(one, 'dead'); // => true
 * @returns what it holds
 * @kernel include/asm-generic/rwonce.h
 * @context any; does not sleep
 * @ordering none, except for accesses through the loaded pointer (address dependency)
 */
export function READ_ONCE<H extends Handle, K extends FieldOf<H>>(object: H, field: K): Op<H[K]> {
  return fieldLoad(READ, object, field);
}

/**
 * Writes a field in a single store.
 *
 * @kernel include/asm-generic/rwonce.h
 * @context any; does not sleep
 * @ordering none
 */
export function WRITE_ONCE<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  value: H[K],
): Op<void> {
  return fieldRequest(WRITE, object, field, value);
}

/**
 * Reads a field. What the writer did before its smp_store_release() is then visible.
 *
 * @returns what it holds
 * @kernel include/asm-generic/barrier.h
 * @context any; does not sleep
 * @ordering acquire
 */
export function smp_load_acquire<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
): Op<H[K]> {
  return fieldLoad(LOAD_ACQUIRE, object, field);
}

/**
 * Writes a field after everything that the task did before.
 *
 * @example
 * const data = static_var('data', 0);
 * const ready = static_var('ready', 0);
 * yield* spawn_task('b', function* () {
 *   data.value = 42;
 *   yield* smp_store_release(ready, 'value', 1);
 * });
 * while ((yield* smp_load_acquire(ready, 'value')) === 0) yield* cpu_relax();
 * data.value; // => 42
 * @kernel include/asm-generic/barrier.h
 * @context any; does not sleep
 * @ordering release
 */
export function smp_store_release<H extends Handle, K extends FieldOf<H>>(
  object: H,
  field: K,
  value: H[K],
): Op<void> {
  return fieldRequest(STORE_RELEASE, object, field, value);
}
