// SPDX-License-Identifier: GPL-2.0-only
/** Plain depth-first search: runs every interleaving. That is too many except for tiny programs; it is the oracle for dpor. */
import type { Machine } from '../machine';
import {
  EXECUTIONS_MAX,
  type Event,
  type Exploration,
  type ExploreOptions,
  type Visitor,
} from './explorer';

interface Alternative {
  readonly task: number;
  readonly outcome: number;
  readonly outcomes: number;
}

function alternatives(machine: Machine): Alternative[] {
  const all: Alternative[] = [];
  for (let task = 1; task < machine.tasks.length; task++) {
    if (!machine.enabled(task)) continue;
    const choices = machine.choices(task);
    for (const outcome of choices) all.push({ task, outcome, outcomes: choices.length });
  }
  return all;
}

/** Explores every interleaving of the machine's program. */
export function dfs(machine: Machine, visit: Visitor, options: ExploreOptions = {}): Exploration {
  const executionsMax = options.executionsMax ?? EXECUTIONS_MAX;
  const path: { left: Alternative[]; taken: Alternative }[] = [];
  let executions = 0;
  let steps = 0;
  let depth = 0;
  let cut = false;
  const end = (complete: boolean, bound: Exploration['bound']): Exploration => ({
    strategy: 'dfs',
    executions,
    complete,
    surplus: 0,
    steps,
    depth,
    bound,
  });
  let { lessons } = machine;
  for (;;) {
    machine.boot();
    const events: Event[] = [];
    const take = ({ task, outcome, outcomes }: Alternative): void => {
      const nth = machine.tasks[task]?.steps ?? 0;
      machine.run(task, outcome);
      steps++;
      events.push({ task, nth, outcome: machine.outcome, outcomes, footprint: machine.footprint });
    };
    for (const { taken } of path) take(taken);
    while (!machine.cut) {
      const [taken, ...left] = alternatives(machine);
      if (taken === undefined) break;
      path.push({ taken, left });
      take(taken);
    }
    if (machine.lessons !== lessons) {
      ({ lessons } = machine);
      path.length = executions = 0;
      options.restarted?.();
      continue;
    }
    executions++;
    depth = Math.max(depth, path.length);
    cut ||= machine.cut;
    machine.finish();
    if (visit({ machine, events })) return end(false, cut ? 'steps' : null);
    while (path.length > 0 && path[path.length - 1]?.left.length === 0) path.pop();
    const last = path.pop();
    if (last === undefined) return end(!cut, cut ? 'steps' : null);
    if (executions >= executionsMax) return end(false, 'executions');
    const [taken, ...left] = last.left;
    if (taken !== undefined) path.push({ taken, left });
  }
}
