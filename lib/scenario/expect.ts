// SPDX-License-Identifier: GPL-2.0-only
/** What scenarios say with: expectations, marks, and looks into the machine. */
import { errname, IS_ERR, PTR_ERR } from '../kernel/err';
import { nameOfPointer } from '../kernel/poison';
import { type Allocation, current, Handle, here, objectOf, type Task } from '../machine';

function show(value: unknown): string {
  if (typeof value === 'number') return errname(value);
  if (Handle.is(value)) return objectOf(value).label;
  if (value === null) return 'NULL';
  if (IS_ERR(value)) return `ERR_PTR(${errname(PTR_ERR(value))})`;
  if (typeof value === 'boolean' || typeof value === 'string') return String(value);
  return nameOfPointer(value) ?? typeof value;
}

/**
 * Fails the execution with a sentence unless the condition holds. The task goes on.
 *
 * @param condition what must hold
 * @param message what is wrong if it does not
 */
export function expect_true(condition: boolean, message: string): void {
  if (condition) return;
  current.machine.complain({ check: 'expect', message, object: null, site: here() });
}

/**
 * Fails the execution unless both are the same value or the same object.
 *
 * @param actual what is
 * @param expected what must be
 * @param what what is compared, for the report: `two writes were counted`
 */
export function expect_eq(actual: unknown, expected: unknown, what: string): void {
  expect_true(actual === expected, `${what}: expected ${show(expected)}, got ${show(actual)}`);
}

/**
 * Marks the execution as having come here, for scenarios of kind 'reachable'.
 *
 * @param mark what `reaches` of the scenario says
 */
export function reached(mark: string): void {
  current.machine.marks.add(mark);
}

/**
 * How many allocated structures of a type are alive. Best asked at the end: a task that asks does so before and after whatever
 * is freed meanwhile, but not before and after every allocation.
 *
 * @param type a structure, as struct() gave it
 * @returns how many; set-up code's are counted, too
 */
export function allocated(type: { readonly typeName: string }): number {
  const all = current.machine.allocations.filter(({ object }) => object.typeName === type.typeName);
  return all.filter((memory) => !isFreed(memory)).length;
}

/**
 * Whether a structure has not been freed. A task that asks does so both before and after a free that nothing orders.
 *
 * @returns false from when it was freed on
 */
export function alive(object: Handle): boolean {
  const { memory } = objectOf(object);
  return memory === null || !isFreed(memory);
}

/** A look that no detector minds, but that comes before or after the free: both are explored. */
function isFreed({ object, freed }: Allocation): boolean {
  current.machine.touch(object.base, false);
  return freed;
}

/**
 * The running task, to be asked what it holds.
 *
 * @returns the task; `held` is what it holds
 */
export function current_task(): Task {
  return current.machine.task;
}

/**
 * Fails the execution if the running task holds a lock or is in a read section.
 *
 * @param where for the report: the function that has returned
 */
export function expect_no_locks(where: string): void {
  const { held } = current.machine.task;
  const names = held.map(({ object }) => object.label).join(', ');
  expect_true(held.length === 0, `${where} returned with ${names} held`);
}
