// SPDX-License-Identifier: GPL-2.0-only
/** The oracle: depth-first search and dpor must see the same outcomes and the same traces, each trace once. */
import { type Explorer, dfs, dpor, traceKey } from '..';
import { Machine, type Monitor } from '../../machine';
import { compile, print, type Source } from './random-program';
import { finalState } from './instructions';

interface Seen {
  readonly outcomes: Map<string, number>;
  readonly traces: Map<string, number>;
  readonly complete: boolean;
  readonly executions: number;
  readonly blocked: number;
  readonly surplus: number;
}

function explore(explorer: Explorer, source: Source, options: AgreeOptions): Seen {
  const program = compile(source, options.alike);
  const { executionsMax = 1200, commuting = false } = options;
  const machine = new Machine(program, {
    monitors: options.monitors?.() ?? [],
    commuting,
    reorders: 'never',
  });
  let outcomes = new Map<string, number>();
  let traces = new Map<string, number>();
  let { lessons } = machine;
  const result = explorer(
    machine,
    ({ events }) => {
      if (machine.lessons !== lessons) return false;
      const unnamed = options.alike !== undefined;
      const stuck = machine.tasks.flatMap((task) =>
        task?.done === false ? [unnamed ? '' : task.comm] : [],
      );
      const kinds = machine.findings.map(({ kind }) => kind).sort();
      const lasts = program.registers.map(({ last }) => last);
      if (options.alike !== undefined) lasts.sort();
      const state = machine.runNow(finalState());
      const outcome = JSON.stringify({ state, lasts, stuck, kinds });
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      const key = traceKey(events);
      traces.set(key, (traces.get(key) ?? 0) + 1);
      return false;
    },
    {
      executionsMax,
      restarted: () => {
        outcomes = new Map();
        traces = new Map();
        ({ lessons } = machine);
      },
    },
  );
  const counted = result as { blocked?: number };
  return { ...result, outcomes, traces, blocked: counted.blocked ?? 0 };
}

export interface AgreeOptions {
  readonly monitors?: () => Monitor[];
  readonly executionsMax?: number;
  /** Let additions commute. */
  readonly commuting?: boolean;
  /** All tasks run the lines of the first one, and must not overtake each other's first operation. */
  readonly alike?: boolean;
}

/** All outcomes of a program, ignoring the names of tasks that are alike; null if there are too many executions. */
export function outcomesOf(source: Source, options: AgreeOptions): ReadonlySet<string> | null {
  const seen = explore(dpor, source, options);
  return seen.complete ? new Set(seen.outcomes.keys()) : null;
}

export type Agreement = 'agree' | 'too large';

/** Compares both explorations of a program. If they differ, throws with the program printed as code. */
export function agree(source: Source, options: AgreeOptions = {}): Agreement {
  const every = explore(dfs, source, options);
  if (!every.complete) return 'too large';
  const optimal = explore(dpor, source, options);
  const complain = (what: string): never => {
    throw new Error(`${what}\n${print(source)}`);
  };
  if (!optimal.complete) complain('dpor did not finish');
  if (optimal.blocked > 0) complain(`${optimal.blocked} executions were blocked`);
  for (const key of every.outcomes.keys()) {
    if (!optimal.outcomes.has(key)) complain(`dpor misses the outcome ${key}`);
  }
  for (const key of optimal.outcomes.keys()) {
    if (!every.outcomes.has(key)) complain(`dpor invents the outcome ${key}`);
  }
  for (const key of every.traces.keys()) {
    if (!optimal.traces.has(key)) complain(`dpor misses a trace: ${key}`);
  }
  for (const [key, times] of optimal.traces) {
    if (!every.traces.has(key)) complain(`dpor invents a trace: ${key}`);
    if (times !== 1) complain(`dpor runs a trace ${times} times: ${key}`);
  }
  return 'agree';
}
