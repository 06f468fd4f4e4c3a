// SPDX-License-Identifier: GPL-2.0-only
/** What scenarios are written with: expectations, marks, and functions that inspect the machine. */
import { errname, IS_ERR, PTR_ERR } from '../kernel/err';
import { nameOfPointer } from '../kernel/poison';
import {
  type Allocation,
  current,
  Handle,
  here,
  isType,
  type MachineObject,
  objectOf,
  StructObject,
  Task,
} from '../machine';

function show(value: unknown): string {
  if (typeof value === 'number') return errname(value);
  if (Handle.is(value)) return objectOf(value).label;
  if (value === null) return 'NULL';
  if (IS_ERR(value)) return `ERR_PTR(${errname(PTR_ERR(value))})`;
  if (typeof value === 'boolean' || typeof value === 'string') return String(value);
  return nameOfPointer(value) ?? typeof value;
}

/**
 * Fails the execution with a message unless the condition holds. The task continues.
 *
 * @param condition what must hold
 * @param message the report's message if it does not hold
 */
export function expect_true(condition: boolean, message: string): void {
  if (condition) return;
  current.machine.complain({ check: 'expect', message, object: null, site: here() });
}

/**
 * Fails the execution unless both are the same value or the same object.
 *
 * @param actual the value found
 * @param expected the value it must have
 * @param what names the value in the report: `two writes were counted`
 */
export function expect_eq(actual: unknown, expected: unknown, what: string): void {
  expect_true(actual === expected, `${what}: expected ${show(expected)}, got ${show(actual)}`);
}

/**
 * Marks the execution as having reached this point, for scenarios of kind 'reachable'.
 *
 * @param mark the scenario's `reaches`
 */
export function reached(mark: string): void {
  current.machine.marks.add(mark);
}

/**
 * How many allocated structures of a type are alive. Best used at the end: a task that asks runs both before and after
 * every concurrent free, but not before and after every allocation.
 *
 * @param type a structure, as struct() gave it
 * @returns the number, including structures of set-up code
 */
export function allocated(type: { readonly typeName: string }): number {
  const all = current.machine.allocations.filter(({ object }) => isOf(object, type));
  return all.filter((memory) => !isFreed(memory)).length;
}

/**
 * How many allocated structures of all other types are alive. Finds a driver that keeps what it should free under another type, until a time
 * at which nobody looks. User memory does not count.
 *
 * @param types the structures that may be there
 * @returns the number, including structures of set-up code
 */
export function allocatedBesides(...types: readonly { readonly typeName: string }[]): number {
  const all = current.machine.allocations.filter((memory) => !isFreed(memory));
  return all.filter(({ object }) => !types.some((type) => isOf(object, type))).length;
}

/** A structure is known by its type, as another of a driver's may bear the same name. */
function isOf(object: MachineObject, type: { readonly typeName: string }): boolean {
  if (!isType(type)) return object.typeName === type.typeName;
  return object instanceof StructObject && object.layout.fields === type.fields;
}

/**
 * Whether a structure has not been freed. Exploration runs the task that asks both before and after a free, if nothing
 * orders them.
 *
 * @returns false once it is freed
 */
export function alive(object: Handle): boolean {
  const { memory } = objectOf(object);
  return memory === null || !isFreed(memory);
}

/** Reads whether memory is freed. No detector reports this access, but it conflicts with the free, so both orders are explored. */
function isFreed({ object, freed }: Allocation): boolean {
  current.machine.touch(object.base, false);
  return freed;
}

/**
 * Whether a task sleeps, in whatever way: it cannot take its next step, and does not look by itself for what it waits for. Only for
 * scenarios in which that must be reachable: it is asked where it is asked, and no other order of the two tasks is explored for it.
 *
 * @param task of get_current(), in the task that may sleep
 * @returns false too if the task has ended
 */
export function asleep(task: Handle): boolean {
  const object = objectOf(task);
  if (!(object instanceof Task) || object.pending === null) return false;
  return object.pending.kind.since === undefined && !current.machine.enabled(object.id);
}

/**
 * Returns the running task, to inspect what it holds.
 *
 * @returns the task; `held` lists its locks and read sections
 */
export function current_task(): Task {
  return current.machine.task;
}

/**
 * Fails the execution if the running task holds a lock or is in a read section.
 *
 * @param where names the function that has returned, for the report
 */
export function expect_no_locks(where: string): void {
  const { held } = current.machine.task;
  const names = held.map(({ object }) => object.label).join(', ');
  expect_true(held.length === 0, `${where} returned with ${names} held`);
}
