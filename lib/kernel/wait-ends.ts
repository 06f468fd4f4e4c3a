// SPDX-License-Identifier: GPL-2.0-only
/**
 * Waits that may also end otherwise: by a signal, or because their time is over. There is no clock, so a timeout may come at any
 * moment, and in each task as often as the scenario's `expiries` says of `timeout`. Signals come where the scenario lets `signal`
 * or `fatal_signal` fail. What is waited for goes first: a wait that need not wait is never ended otherwise.
 */
import {
  type Arguments,
  current,
  type Kind,
  type Machine,
  type SyncObject,
  type Task,
} from '../machine';
import { failurePoint } from './may-fail';

for (const name of ['signal', 'fatal_signal']) failurePoint(name);

/** How a wait may end otherwise; 'chosen' is for a signal that was chosen before the wait. */
export type Ending = 'signal' | 'fatal_signal' | 'timeout' | 'chosen';

const timeouts = new WeakMap<Task, number>();

/**
 * The waits that may still end otherwise. Known when the task comes to the wait: explorers ask of it later too, when it has ended
 * and what it used up is gone.
 */
const open = new WeakSet<object>();

/** Tasks that a signal has come to: it stays pending. */
const signalled = new WeakSet<Task>();

/** Whether a signal has come to a task. */
export function hasSignal(task: Task): boolean {
  return signalled.has(task);
}

/** A signal has come to a task. */
export function gotSignal(task: Task): void {
  signalled.add(task);
}

/** Whether a wait of the task may still end because its time is over. */
export function mayTimeOut(task: Task): boolean {
  return mayEnd(task, 'timeout');
}

function mayEnd(task: Task, ending: Ending): boolean {
  const { machine } = current;
  if (ending === 'chosen') return true;
  if (ending === 'timeout') return (timeouts.get(task) ?? 0) < machine.expiriesOf('timeout');
  return machine.outcomesOf(ending, task) > 1;
}

function endedBy(task: Task, ending: Ending): void {
  if (ending === 'timeout') timeouts.set(task, (timeouts.get(task) ?? 0) + 1);
  else if (ending !== 'chosen') {
    gotSignal(task);
    task.failed ??= new Map();
    task.failed.set(ending, (task.failed.get(ending) ?? 0) + 1);
  }
}

/** A wait for the same as another one, which may also end otherwise: it says whether it got what it waited for. */
export function endingBy<O extends SyncObject, A extends Arguments>(
  name: string,
  ending: Ending,
  kind: Kind<O, A, void>,
): Kind<O, A, boolean> {
  return {
    name,
    access: kind.access,
    ...('apply' in kind ? { apply: (state, by) => kind.apply?.(state, by) ?? state } : {}),
    enabled: (state, task, request) =>
      kind.enabled?.(state, task, request) !== false || open.has(request),
    announce(machine: Machine, task, request) {
      kind.announce?.(machine, task, request);
      if (mayEnd(task, ending)) open.add(request);
      if (ending !== 'timeout' || !machine.hasExpired('timeout', timeouts.get(task) ?? 0)) return;
      machine.pauses.push({ task, request });
    },
    perform(machine, task, request) {
      if (kind.enabled?.(request.object.state, task, request) === false) {
        endedBy(task, ending);
        return false;
      }
      kind.perform(machine, task, request);
      return true;
    },
  };
}
