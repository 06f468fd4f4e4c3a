// SPDX-License-Identifier: GPL-2.0-only
/**
 * Context bounding (Musuvathi and Qadeer, PLDI 2007): every schedule with at most a given number of preemptions. A
 * preemption switches away from a task that could continue; switching away from one that waits or has ended is free. Few
 * preemptions are enough for most bugs, and the number of schedules with k preemptions grows as n^k, not exponentially.
 */
import type { Machine } from '../machine';
import {
  EXECUTIONS_MAX,
  type Event,
  type Exploration,
  type ExploreOptions,
  type Visitor,
} from './explorer';

export interface PreemptionBoundOptions extends ExploreOptions {
  readonly preemptionsMax?: number;
}

/** Enough for most bugs. */
const PREEMPTIONS_MAX = 2;

interface Alternative {
  readonly task: number;
  readonly outcome: number;
  readonly outcomes: number;
}

/** A step of the current schedule, and its untried alternatives. */
interface Place {
  readonly taken: Alternative;
  readonly left: readonly Alternative[];
}

/**
 * Explores the schedules with at most `preemptionsMax` preemptions. If the program has no others, the result is
 * complete. If it has, the bound is 'preemptions'.
 */
export function preemptionBound(
  machine: Machine,
  visit: Visitor,
  options: PreemptionBoundOptions = {},
): Exploration {
  return new Search(machine, options.preemptionsMax ?? PREEMPTIONS_MAX).run(visit, options);
}

class Search {
  #path: Place[] = [];
  #executions = 0;
  #steps = 0;
  #depth = 0;
  #cut = false;
  /** A schedule was left out because of the bound. */
  #pruned = false;

  constructor(
    readonly machine: Machine,
    readonly preemptionsMax: number,
  ) {}

  run(visit: Visitor, options: ExploreOptions): Exploration {
    const { machine } = this;
    const executionsMax = options.executionsMax ?? EXECUTIONS_MAX;
    let { lessons } = machine;
    for (;;) {
      machine.boot();
      if (machine.lessons !== lessons) {
        ({ lessons } = machine);
        this.#path = [];
        this.#executions = 0;
        this.#pruned = false;
        options.restarted?.();
        machine.boot();
      }
      const events = this.#execute();
      this.#executions++;
      this.#depth = Math.max(this.#depth, events.length);
      this.#cut ||= machine.cut;
      machine.finish();
      if (visit({ machine, events })) return this.#end(false, null);
      if (!this.#backtrack()) return this.#end(!this.#pruned, this.#pruned ? 'preemptions' : null);
      if (this.#executions >= executionsMax) return this.#end(false, 'executions');
    }
  }

  /** Repeats the path, then continues with the first alternative to the end. */
  #execute(): Event[] {
    const { machine } = this;
    const events: Event[] = [];
    let previous = -1;
    let preemptions = 0;
    for (let depth = 0; !machine.cut; depth++) {
      const going = machine.enabled(previous);
      let place = this.#path[depth];
      if (place === undefined) {
        const [taken, ...left] = this.#alternatives(previous, preemptions);
        if (taken === undefined) break;
        this.#path.push((place = { taken, left }));
      }
      const { task, outcome, outcomes } = place.taken;
      const nth = machine.tasks[task]?.steps ?? 0;
      if (going && task !== previous) preemptions++;
      machine.run(task, outcome);
      this.#steps++;
      events.push({ task, nth, outcome: machine.outcome, outcomes, footprint: machine.footprint });
      previous = task;
    }
    return events;
  }

  /** The tasks that may run next: the one that ran last, and the others if the bound allows it. */
  #alternatives(previous: number, preemptions: number): Alternative[] {
    const { machine } = this;
    const going = machine.enabled(previous);
    const all = going ? this.#outcomes(previous) : [];
    for (let task = 1; task < machine.tasks.length; task++) {
      if (task === previous || !machine.enabled(task)) continue;
      if (going && preemptions >= this.preemptionsMax) {
        this.#pruned = true;
        break;
      }
      all.push(...this.#outcomes(task));
    }
    return all;
  }

  #outcomes(task: number): Alternative[] {
    const choices = this.machine.choices(task);
    return choices.map((outcome) => ({ task, outcome, outcomes: choices.length }));
  }

  /** Moves the deepest place with an untried alternative to it; returns false if there is none. */
  #backtrack(): boolean {
    for (let last = this.#path.pop(); last !== undefined; last = this.#path.pop()) {
      const [taken, ...left] = last.left;
      if (taken === undefined) continue;
      this.#path.push({ taken, left });
      return true;
    }
    return false;
  }

  #end(complete: boolean, bound: Exploration['bound']): Exploration {
    return {
      strategy: 'dfs',
      executions: this.#executions,
      complete: complete && !this.#cut,
      surplus: 0,
      steps: this.#steps,
      depth: this.#depth,
      bound: this.#cut ? 'steps' : bound,
      preemptionsMax: this.preemptionsMax,
    };
  }
}
