// SPDX-License-Identifier: GPL-2.0-only
/**
 * The choices of reordering: which store a load reads, and where a store goes in coherence order. Choice 0 is what
 * happens if every access takes effect immediately. Choice n passes over the newest n stores: a load reads the store
 * before them, and a store goes before them.
 */
import type { MachineObject, Releasing } from '../object';
import { Access, type Strength } from './access';
import { consistent } from './consistent';
import type { Log } from './log';

/** The effect of an access, given the value it reads. A read-modify-write that fails stores nothing and orders nothing. */
export interface Effect {
  readonly store: boolean;
  readonly strength: Strength;
}

/** An access that is about to be made. */
export interface Wanted {
  readonly task: number;
  readonly point: Releasing;
  /** Whether it reads a value, and whether it may write one; a read-modify-write does both. */
  readonly load: boolean;
  readonly store: boolean;
  readonly effect: (read: unknown) => Effect;
  /** It has no result, so its load orders nothing. */
  readonly silent: boolean;
  readonly target: MachineObject | null;
  /** Whether it is to an element of an array. */
  readonly indexed: boolean;
  /** The memory that a value points to. */
  readonly pointerOf: (value: unknown) => MachineObject | null;
}

/** The stores to a location, oldest first. The first one is the initial value, before any marked store. */
export function orderOf(point: Releasing, initial: unknown): Access[] {
  if (point.order !== undefined && point.order !== null) return point.order;
  const first = new Access(0, -1, 0);
  first.store = true;
  first.value = initial;
  first.released = point.released;
  const order = [first];
  first.order = order;
  point.order = order;
  return order;
}

/** The possible choices: how many of the newest stores the access may pass over. */
export function choices(
  log: Log,
  wanted: Wanted,
  order: Access[],
  unavoidable: ((task: number, step: number) => boolean) | null,
): readonly number[] {
  const oldest = log.oldest(wanted.task, order);
  if (order.length - 1 <= oldest) return NEWEST;
  const found = [0];
  for (let passed = 1; order.length - 1 - passed >= oldest; passed++) {
    if (unavoidable !== null && !hasTo(wanted.task, order, passed, unavoidable)) continue;
    if (wanted.load && log.repeats(wanted.task, order[order.length - 1 - passed])) continue;
    const access = make(log, wanted, order, passed);
    if (access === null) continue;
    const allowed = consistent(log, access);
    unmake(log, access);
    if (allowed) found.push(passed);
    else if (!(wanted.load && wanted.store)) break; // going further back passes over this store, too
  }
  return found;
}

const NEWEST: readonly number[] = [0];

/**
 * Whether an access must pass over the newest stores to read the one before them: it could not have come before them and
 * still after the store it reads. Otherwise another interleaving shows the same.
 */
function hasTo(
  task: number,
  order: readonly Access[],
  passed: number,
  unavoidable: (task: number, step: number) => boolean,
): boolean {
  const read = order.length - 1 - passed;
  const readAt = order[read]?.step ?? -1;
  return order
    .slice(read + 1)
    .every((store) => unavoidable(task, store.step) || store.step < readAt);
}

/** Makes the access and records what its task has seen. */
export function perform(log: Log, wanted: Wanted, order: Access[], passed: number): Access | null {
  const access = make(log, wanted, order, passed);
  if (access === null) return null;
  const seen = access.store ? access : access.sources[0];
  if (seen !== undefined) log.see(wanted.task, order, seen);
  log.made(access, wanted.load && wanted.store);
  return access;
}

/** Makes the access; returns null if the store would separate an atomic update from what it read. */
function make(
  log: Log,
  { task, load, store: maybe, effect, silent, target, indexed, pointerOf }: Wanted,
  order: Access[],
  passed: number,
): Access | null {
  const at = order.length - 1 - passed;
  const source = order[at];
  if (source === undefined) return null;
  const { store, strength } = effect(source.value);
  if (store && order[at + 1]?.atomic === true) return null;
  const access = log.next(task);
  access.strengthen(strength, load);
  access.order = order;
  access.target = target;
  access.indexed = indexed;
  access.silent = silent;
  if (load) {
    log.reads(access, [source]);
    access.pointer = pointerOf(source.value);
  }
  if (load && maybe) log.atomic(access);
  if (store) {
    access.store = true;
    order.splice(at + 1, 0, access);
  }
  return access;
}

function unmake(log: Log, access: Access): void {
  const { order } = access;
  if (access.store && order !== null) order.splice(order.indexOf(access), 1);
  log.drop(access);
}
