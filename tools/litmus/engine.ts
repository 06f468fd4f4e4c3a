// SPDX-License-Identifier: GPL-2.0-only
/** Explores a litmus test on the machine that judges drivers, and collects the endings of its executions. */
import { type dfs, dpor, type Event, type portfolio } from '../../lib/explore';
import { type Finding, InternalError } from '../../lib/machine';
import { kcsan } from '../../lib/sanitize';
import { counts, type Ending } from './answer';
import { mayBuffer } from './buffering';
import { OnMachine } from './on-machine';
import type { LitmusTest } from './syntax';
import type { Wanted } from './wanted';

/** The task of each step, and which store a load reads or a store is placed before. */
export type Schedule = readonly Pick<Event, 'task' | 'outcome'>[];

/** An ending, and the simplest execution that ended so. */
export interface Found extends Ending {
  readonly schedule: Schedule;
}

/** The result of exploring a test. */
export interface Explored {
  readonly endings: readonly Found[];
  readonly executions: number;
  /** Executions that showed nothing new. */
  readonly surplus: number;
  readonly complete: boolean;
  /** Whether a loop was cut off. */
  readonly cutOff: boolean;
  /** Whether the test makes plain accesses, which may race. */
  readonly plain: boolean;
  /** An execution with a data race; null if there is none. */
  readonly race: Schedule | null;
  /** Whether the memory model lets a store run before an earlier load of its thread, which the machine does not. */
  readonly mayBuffer: boolean;
}

export interface ExploreOptions {
  readonly executionsMax?: number;
  readonly strategy?: typeof dpor | typeof dfs | typeof portfolio;
  /** Leave out executions in which a register gets another value. */
  readonly wanted?: Wanted | null;
}

/** Explores every execution of a test. */
export function explore(
  test: LitmusTest,
  { executionsMax = 1_000_000, strategy = dpor, wanted = null }: ExploreOptions = {},
): Explored {
  const running = new OnMachine(test, [kcsan()], wanted);
  const endings = new Map<string, Found & { readonly cost: number }>();
  let race: Schedule | null = null;
  let buffers = false;
  const { executions, surplus, complete } = strategy(
    running.machine,
    ({ events, machine }) => {
      if (running.problem !== null) throw running.problem;
      const ending = running.ending();
      if (ending === null) return false;
      if (machine.findings.length > 0 && counts(test, ending)) {
        race ??= racing(machine.findings, events);
      }
      buffers ||= running.performed.some(mayBuffer);
      const key = keyOf(ending);
      const cost = costOf(events);
      const known = endings.get(key);
      if (known === undefined || cost < known.cost) {
        endings.set(key, { ...ending, schedule: [...events], cost });
      }
      return false;
    },
    {
      executionsMax,
      restarted() {
        endings.clear();
        race = null;
      },
    },
  );
  const { cutOff, plain } = running;
  const found = { executions, surplus, complete, cutOff, plain, race, mayBuffer: buffers };
  return { endings: [...endings.values()], ...found };
}

/** The execution with its data race; any other finding is a fault of ours. */
function racing(findings: readonly Finding[], events: Schedule): Schedule {
  const other = findings.find(({ kind }) => kind !== 'data-race');
  if (other === undefined) return [...events];
  throw new InternalError(`litmus: a ${other.kind} in a litmus test`);
}

function keyOf({ registers, last, mistake }: Ending): string {
  const held = registers.map((one) => [...one].sort());
  return JSON.stringify([held, [...last].sort(), mistake?.line]);
}

/** Executions are better to show if they reorder little and switch threads rarely. */
function costOf(events: Schedule): number {
  let cost = 0;
  events.forEach(({ task, outcome }, i) => {
    cost += (outcome > 0 ? 1000 : 0) + (i > 0 && events[i - 1]?.task !== task ? 1 : 0);
  });
  return cost;
}
