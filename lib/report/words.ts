// SPDX-License-Identifier: GPL-2.0-only
/** Describes operations: the call, its object, the value it wrote, and its result. */
import type { Operation, StateChange, ReplayStep } from '../machine';
import { countText, isCounter, isSpread } from './counters';
import { outcomeText } from './outcomes';

/** What a step changed or produced: a count, a value. */
export interface Effect {
  /** The counter; empty if it is the call's own object. */
  readonly object: string;
  readonly before: string;
  readonly after: string;
}

/** Describes an operation without its result. The bit comes first, as it is written: `set_bit(0, dev#1.flags)`. */
export function callText(name: string, object: string, written: string | null = null): string {
  const [, place = object, bit] = /^(.*) bit (\d+)$/.exec(object) ?? [];
  return `${name}(${bit === undefined ? '' : `${bit}, `}${place}${written === null ? '' : `, ${written}`})`;
}

/** The value a marked store writes; null for everything else. */
export function writtenBy({ value, result }: ReplayStep): string | null {
  return value !== null && result === null ? value : null;
}

/** The count a step changed. */
export function effectOf({ operation, object, state }: ReplayStep): Effect | null {
  if (state === null || !isCounter(state.type)) return null;
  if (!changed(state) && !/_set$/.test(operation)) return null;
  const { type, before, after } = state;
  return { object, before: countText(before, type), after: countText(after, type) };
}

function changed({ type, before, after }: StateChange): boolean {
  if (before === after) return false;
  return !isSpread(type, before) || !isSpread(type, after);
}

/** The result of an operation that changed no count: the value it returned, or a failure. */
export function resultText({ operation, outcome, result, passed }: ReplayStep): string {
  if (passed?.read === null) return ', overwritten already';
  if (passed !== null) return `${result === null ? '' : ` = ${result}`}, stale`;
  if (outcome !== 0) return ` ${outcomeText(operation, outcome)}`;
  return result === null ? '' : ` = ${result}`;
}

/** Whether the scenario lets the operation fail. */
export function fails({ outcome, passed }: ReplayStep): boolean {
  return outcome !== 0 && passed === null;
}

/** Whether an operation is what a call does before it comes to its object. */
export function onlyHelps({ operation, object }: Operation): boolean {
  return object === '' || /lock|alloc|list/.test(operation);
}

/**
 * The object that a call of several operations is most likely about: one that was allocated, and whose type the name of the
 * call mentions. `ceph_destroy_client()` frees the options of a client before it frees that. The first where it tells as much.
 */
export function likeliest(name: string, first: string, objects: readonly string[]): string {
  const words = new Set(name.split('_'));
  const worth = (object: string): number => {
    const shared = object.replace(/[#.].*$/, '').split('_');
    return (object.includes('#') ? 100 : 0) + shared.filter((word) => words.has(word)).length;
  };
  const [best = ''] = objects.map(wholeOf).sort((a, b) => worth(b) - worth(a));
  return worth(best) > worth(first) ? best : first;
}

/** The allocation or static that a label is about: `kioctx#1` for `kioctx#1.users`. */
export function wholeOf(label: string): string {
  return label.replace(/\..*$/, '');
}

/** Whether a grace period ended in this step, so that a callback begins. */
export function endsGracePeriod({ operation, state }: ReplayStep): boolean {
  return (
    (operation === 'percpu_ref_switch_to_atomic_rcu' && state?.type === 'percpu_ref') ||
    (operation === 'rcu_do_batch' && state?.type === 'rcu_head')
  );
}

/** Steps of the machinery that runs callbacks. They say nothing to a reader of the driver. */
export function isMachinery({ operation, object, state }: ReplayStep): boolean {
  if (operation === 'percpu_ref_switch_to_atomic_rcu') return state?.type !== 'percpu_ref';
  return operation === 'rcu_do_batch' && (object === '' || state?.type !== 'rcu_head');
}

/** What a task waits for, if the operation's name does not say it. */
export function waitingText({ operation, object }: Operation): string {
  const forReaders = object === '' && WAITS_FOR_READERS.has(operation);
  return forReaders ? `${operation}: grace period` : callText(operation, object);
}

const WAITS_FOR_READERS = new Set([
  'rcu_do_batch',
  'percpu_ref_switch_to_atomic_rcu',
  'synchronize_rcu',
  'synchronize_sched',
  'synchronize_rcu_expedited',
]);
