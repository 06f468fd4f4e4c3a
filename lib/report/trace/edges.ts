// SPDX-License-Identifier: GPL-2.0-only
/**
 * The edges of happens-before between tasks, computed from the clocks: unlock to lock, complete to wait, the end of a
 * read section to the end of a grace period, spawning to the first step, the end of a task to its join. This file knows
 * no primitives. If a task has learnt of another's nth interval, the edge comes from the step that ended that interval
 * (vector clocks: Mattern 1989, Fidge 1988).
 */
import { taskIn, type Traced, wordsFor } from './traced';

/** An edge between two steps, given by index. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  /** Whether the first step told the second what it had done, or only let it continue. */
  readonly kind: 'synchronises' | 'wakes';
  /** Both operations: `spin_unlock(node_lock) -> spin_lock(node_lock)`. */
  readonly name: string;
}

/** All edges, in the order of the steps they lead to, without those that follow from others. */
export function edgesOf(traced: Traced): Edge[] {
  const edges = new Edges(traced);
  return traced.recorded.steps.flatMap((_, to) => [...edges.to(to)]);
}

/** An interval of a task's clock, and the step that ended it. */
interface Source {
  readonly task: number;
  readonly interval: number;
  readonly from: number;
}

class Edges {
  /** The step that ended an interval, by task and interval. */
  readonly #ended = new Map<string, number>();

  constructor(readonly traced: Traced) {
    traced.recorded.steps.forEach((_, i) => {
      this.#end(i);
    });
  }

  #end(step: number): void {
    const { scenes } = this.traced;
    for (const { id, letter, clock } of scenes[step + 1]?.tasks ?? []) {
      const before = taskIn(scenes[step], letter)?.clock[id] ?? 1;
      for (let interval = before; interval < (clock[id] ?? 0); interval++) {
        this.#ended.set(`${id}.${interval}`, step);
      }
    }
  }

  *to(to: number): Generator<Edge> {
    const sources = this.#sources(to);
    for (const source of sources) yield this.#edge(source, to, 'synchronises');
    const waker = this.#waker(to);
    if (waker !== null && !sources.includes(waker)) yield this.#edge(waker, to, 'wakes');
  }

  #edge(from: number, to: number, kind: Edge['kind']): Edge {
    const { steps } = this.traced.recorded;
    const words = [from, to].flatMap((i) => steps.slice(i, i + 1)).map(wordsFor);
    return { from, to, kind, name: words.join(' -> ') };
  }

  /** The steps that a step has learnt of, without those that another of them had already learnt of. */
  #sources(to: number): number[] {
    const { scenes, recorded } = this.traced;
    const step = recorded.steps[to];
    const after = taskIn(scenes[to + 1], step?.letter ?? '');
    if (step === undefined || after === null) return [];
    // The first step of a task has an edge from the one that spawned it: the task began with its spawner's knowledge.
    const born = step.operation === 'start';
    const before = born ? [] : (taskIn(scenes[to], step.letter)?.clock ?? []);
    const found: Source[] = [];
    // A clock may have holes: some numbers belong to no task.
    after.clock.forEach((interval, task) => {
      if (task === step.task || interval <= (before[task] ?? 0)) return;
      const from = this.#ended.get(`${task}.${interval}`);
      if (from !== undefined && from < to) found.push({ task, interval, from });
    });
    return found
      .filter((source) => !found.some((other) => this.#knew(other, source)))
      .map(({ from }) => from)
      .sort((a, b) => a - b);
  }

  /** Whether the first source had already learnt of the other. */
  #knew({ from, task }: Source, other: Source): boolean {
    if (task === other.task) return false;
    const { steps } = this.traced.recorded;
    const clock = taskIn(this.traced.scenes[from + 1], steps[from]?.letter ?? '')?.clock;
    return (clock?.[other.task] ?? 0) >= other.interval;
  }

  /** The step that let the task of this step continue; null if it had not been waiting. */
  #waker(to: number): number | null {
    const { scenes, recorded } = this.traced;
    const letter = recorded.steps[to]?.letter ?? '';
    for (let i = to - 1; i >= 0 && recorded.steps[i]?.letter !== letter; i--) {
      if (taskIn(scenes[i], letter)?.state === 'waits') return i;
    }
    return null;
  }
}
