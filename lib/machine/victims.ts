// SPDX-License-Identifier: GPL-2.0-only
/**
 * The tasks that an interrupt may come on top of: those that have held a lock, with interrupts enabled, that an interrupt wants, and
 * those that could run while an interrupt spun for a change.
 * Gathered over all executions of an exploration, which begins again when another one is found.
 */
import type { Task, TaskContext } from './task';

const DIGITS = '?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A task's path as a number, for outcomes: A is 1. */
export function codeOf(path: string): number {
  let code = 0;
  for (const letter of path) code = code * DIGITS.length + DIGITS.indexOf(letter);
  return code;
}

/** The path of a number; not a path for a number that codeOf() never gives. */
export function pathOf(code: number): string {
  let path = '';
  for (let left = code; left > 0; left = Math.floor(left / DIGITS.length)) {
    path = (DIGITS[left % DIGITS.length] ?? '') + path;
  }
  return path;
}

/** Whether an interrupt may come on top of a task, unless that has turned it off. */
export function mayEverCome(interrupt: TaskContext, { context, path }: Task): boolean {
  if (path === '' || context === 'hardirq') return false;
  return interrupt === 'hardirq' || (context !== 'softirq' && context !== 'rcu');
}

/** Whether an interrupt may come on top of a task now, as far as that task goes. */
export function mayCome(interrupt: TaskContext, task: Task): boolean {
  const off = task.irqsOff || (interrupt !== 'hardirq' && task.bhDepth > 0);
  return !off && mayEverCome(interrupt, task);
}

/** What one kind of interrupt wants, and who holds that where such an interrupt may come. */
class Level {
  /** The outcomes of arriving: 0, and the tasks by their numbers. */
  readonly outcomes = [0];
  readonly #wanted = new Set<number>();
  readonly #holders = new Map<number, Set<number>>();

  add(code: number): void {
    if (!this.outcomes.includes(code)) this.outcomes.push(code);
  }

  wants(lock: number): void {
    if (this.#wanted.has(lock)) return;
    this.#wanted.add(lock);
    for (const code of this.#holders.get(lock) ?? []) this.add(code);
  }

  holds(lock: number, path: string): void {
    let holders = this.#holders.get(lock);
    if (holders === undefined) this.#holders.set(lock, (holders = new Set()));
    const code = codeOf(path);
    if (holders.has(code)) return;
    holders.add(code);
    if (this.#wanted.has(lock)) this.add(code);
  }
}

export class Victims {
  readonly #hard = new Level();
  readonly #soft = new Level();

  /** How many are known. */
  get size(): number {
    return this.#hard.outcomes.length + this.#soft.outcomes.length - 2;
  }

  /** Where an interrupt may come: 0 for a CPU of its own, and tasks by their numbers. */
  outcomes(context: TaskContext): readonly number[] {
    return this.#level(context).outcomes;
  }

  /** A task may be interrupted, whatever it holds. */
  add(context: TaskContext, code: number): void {
    this.#level(context).add(code);
  }

  /** Whether an interrupt may come on top of a task. */
  has(path: string): boolean {
    if (this.size === 0) return false;
    const code = codeOf(path);
    return this.#hard.outcomes.includes(code) || this.#soft.outcomes.includes(code);
  }

  /** A task wants a lock, by its location, and spins for it. */
  wants({ context }: Task, lock: number): void {
    if (context === 'hardirq' || context === 'softirq') this.#level(context).wants(lock);
  }

  /** A task holds a lock, by its location. */
  holds(task: Task, lock: number): void {
    if (mayCome('hardirq', task)) this.#hard.holds(lock, task.path);
    if (mayCome('softirq', task)) this.#soft.holds(lock, task.path);
  }

  #level(context: TaskContext): Level {
    return context === 'hardirq' ? this.#hard : this.#soft;
  }
}
